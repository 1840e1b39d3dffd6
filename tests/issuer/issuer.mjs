// issuer.mjs FOLDER: an independent issuer (oauth2-mock-server) that looks like an Auth0 tenant, https on loopback.
//
// FOLDER holds server.key and server.pem (see certificates). When it serves it prints one line of JSON: {"port": …}. It
// ends when its standard input ends. Two keys are published, as Auth0 does, the current and the next; the current one
// signs.
//
// POST /oauth/token takes what Auth0 takes (grant_type, client_id, username, audience, scope) and, for tests, `shape`: the
// name of a function below that bends the payload.
import { createRequire } from 'node:module';
import { randomBytes, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

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

const server = new OAuth2Server(`${folder}/server.key`, `${folder}/server.pem`, {
  endpoints: { jwks: '/.well-known/jwks.json', token: '/oauth/token' },
});
const { issuer, service } = server;

// What Auth0 publishes beside the numbers; ward must skip it.
const certificate = new X509Certificate(readFileSync(`${folder}/server.pem`)).raw.toString('base64');
const published = (jwk) => ({ ...jwk, use: 'sig', x5t: newKid(), x5c: [certificate] });

await issuer.keys.generate('RS256', { kid: newKid() });
const next = new OAuth2Server();
await next.issuer.keys.generate('RS256', { kid: newKid() });
const current = issuer.keys.toJSON.bind(issuer.keys);
issuer.keys.toJSON = (all) => [...current(all), ...next.issuer.keys.toJSON(all)].map(published);

service.on('beforeTokenSigning', (token, request) => {
  for (const name of Object.keys(token.payload)) delete token.payload[name];
  Object.assign(token.payload, auth0Payload(request.body));
  shapes[request.body.shape]?.(token.payload);
});

await server.start(0, '127.0.0.1');
issuer.url = ISSUER;
console.log(JSON.stringify({ port: server.address().port }));
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
