// SPDX-License-Identifier: Apache-2.0
// issuer.mjs FOLDER: an independent issuer (oauth2-mock-server) that looks like an Auth0 tenant, https on loopback.
//
// FOLDER holds server.key and server.pem (see certificates). When it serves it prints one line of JSON: {"port": …}. It
// ends when its standard input ends. Two keys are published, as Auth0 does, the current and the next; the current one
// signs.
//
// Each further line of standard input is a command in JSON, answered by a line of JSON:
//   {"do": "rotate"}              the next key signs from now on, a new next one is made, the old one stays published
//   {"do": "revoke"}              old keys are published no longer
//   {"do": "keys"}                {"current": KID, "next": KID, "old": [KID, …]}, as the two above answer as well
//   {"do": "fetches"}             {"fetches": N}: how often the key set was asked for
//   {"do": "answer", "how": {…}}  how it is answered (see jwks_endpoint.mjs); without `how`: well
//   {"do": "close"}               nobody listens on the port any more
//   {"do": "open"}                somebody does again
//   {"do": "show", "certificate": FILE, "key": FILE}  to who connects from now on
//
// POST /oauth/token takes what Auth0 takes (grant_type, client_id, username, audience, scope) and, for tests, `shape`: the
// name of a function below that bends the payload.
import { createRequire } from 'node:module';
import { randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { jwksEndpoint } from './jwks_endpoint.mjs';
import { recordSeen } from './seen.mjs';

const require = createRequire(pathToFileURL(process.env.WARD_NODE_MODULES + '/'));
const { OAuth2Server } = require('oauth2-mock-server');

const folder = process.argv[2];
const ISSUER = 'https://dev-4fszoklachwdh46m.us.auth0.com/';
const AUDIENCE = 'https://api.theholefoundation.org';
const DAY = 86400;

// Auth0's kids: 21 characters.
const newKid = () => randomBytes(16).toString('base64url').slice(0, 21);

// Payloads as Auth0 makes them: a user token has an array of audiences, a machine token a string and `gty`.
function auth0Payload(request) {
  const now = Math.floor(Date.now() / 1000);
  const scopes = (request.scope ?? '').split(' ').filter((word) => word !== '');
  const payload = { iss: ISSUER };
  if (request.grant_type === 'client_credentials') {
    Object.assign(payload, { sub: `${request.client_id}@clients`, aud: AUDIENCE, gty: 'client-credentials' });
  } else {
    Object.assign(payload, { sub: request.username, aud: [AUDIENCE, `${ISSUER}userinfo`] });
  }
  Object.assign(payload, { iat: now, exp: now + DAY, azp: request.client_id });
  if (scopes.length > 0) Object.assign(payload, { scope: scopes.join(' '), permissions: scopes });
  return payload;
}

const shapes = {
  expired: (payload) => Object.assign(payload, { iat: payload.iat - 2 * DAY, exp: payload.iat - DAY }),
  wrong_audience: (payload) => Object.assign(payload, { aud: 'https://api.example.com' }),
  wrong_issuer: (payload) => Object.assign(payload, { iss: 'https://dev-evil.us.auth0.com/' }),
  not_yet_valid: (payload) => Object.assign(payload, { nbf: payload.iat + 3600 }),
};

const { issuer, service } = new OAuth2Server(undefined, undefined, { endpoints: { token: '/oauth/token' } });
issuer.url = ISSUER;

// What Auth0 publishes beside the numbers; ward must skip it.
const tls = { key: readFileSync(`${folder}/server.key`), cert: readFileSync(`${folder}/server.pem`) };
const certificate = new X509Certificate(tls.cert).raw.toString('base64');
const published = ({ kty, n, e, kid, alg }) => ({ kty, n, e, kid, alg, use: 'sig', x5t: newKid(), x5c: [certificate] });

// ---- The keys. The server would sign with each of its keys in turn: it is given the current one.
const newKey = () => issuer.keys.generate('RS256', { kid: newKid() });
const keys = { current: await newKey(), next: await newKey(), old: [] };
issuer.keys.get = () => keys.current;
const told = () => ({ current: keys.current.kid, next: keys.next.kid, old: keys.old.map((key) => key.kid) });
const jwks = jwksEndpoint(() => [keys.current, keys.next, ...keys.old].map(published));

const commands = {
  keys: told,
  async rotate() {
    Object.assign(keys, { current: keys.next, next: await newKey(), old: [keys.current, ...keys.old] });
    return told();
  },
  revoke() {
    keys.old = [];
    return told();
  },
  fetches: () => ({ fetches: jwks.fetches }),
  answer({ how }) {
    jwks.tell(how);
    return {};
  },
  async close() {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    return {};
  },
  async open() {
    await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
    return {};
  },
  show({ certificate, key }) {
    server.setSecureContext({ cert: readFileSync(certificate), key: readFileSync(key) });
    return {};
  },
};

service.on('beforeTokenSigning', (token, request) => {
  for (const name of Object.keys(token.payload)) delete token.payload[name];
  Object.assign(token.payload, auth0Payload(request.body));
  shapes[request.body.shape]?.(token.payload);
});

const server = createServer(tls, (request, response) => {
  const isJwks = request.method === 'GET' && request.url === '/.well-known/jwks.json';
  (isJwks ? jwks.serve : service.requestHandler)(request, response);
});
recordSeen(server, folder);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
console.log(JSON.stringify({ port }));
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  console.log(JSON.stringify(await commands[command.do](command)));
}
process.exit(0);
