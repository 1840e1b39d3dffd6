// SPDX-License-Identifier: Apache-2.0
// oidc.mjs FOLDER [ISSUER AUDIENCE]: a second, independent issuer (oidc-provider), https on loopback: access tokens in the form of RFC 9068,
// `at+jwt` signed with RS256, for a machine that authenticates with a secret and for people who sign in.
//
// FOLDER holds server.key and server.pem (see certificates). When it serves it prints one line of JSON: {"port": …, "client":
// …, "secret": …, "application": …}. It ends when its standard input ends. Two keys are published, the current one signs.
//
// POST /oauth/token takes grant_type=client_credentials, resource and scope, with HTTP Basic authentication; and, for tests, `typ`: another
// one than at+jwt. A resource is AUDIENCE or another API of the same issuer, AUDIENCE/other.
//
// `application` is a client without a secret, on this machine: /authorize (PKCE, back to http://127.0.0.1:PORT/callback or
// http://127.0.0.1:PORT/), /device, and refresh tokens that rotate; pages of its own loopback may call it (CORS). Whoever
// enters a name on its pages is who they say, and is asked for consent.
//
// Each further line of standard input is a command in JSON, answered by {}:
//   {"do": "rotate"}                 a key signs from now on that was not published before
//   {"do": "lifetime", "seconds": N} of the tokens from now on, also one that is over; without it a day
import { createRequire } from 'node:module';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { recordSeen } from './seen.mjs';

const require = createRequire(pathToFileURL(process.env.WARD_NODE_MODULES + '/'));
const { default: Provider, errors } = await import(pathToFileURL(require.resolve('oidc-provider')));

const [folder, ISSUER = 'https://dev-4fszoklachwdh46m.us.auth0.com/', AUDIENCE = 'https://api.theholefoundation.org'] = process.argv.slice(2);
const DAY = 86400;
const CLIENT = 'press-line-4';
const SECRET = randomBytes(24).toString('base64url');
const APPLICATION = 'led-page';

// Every scope that the API knows: the words of its routes.
const routes = readFileSync(new URL('../../boards/app/theholefoundation.routes', import.meta.url), 'utf8');
const scope = [...new Set(routes.match(/\b[a-z]+:[a-z]+\b/g))].join(' ');

function privateKey() {
  const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...key.export({ format: 'jwk' }), kid: randomBytes(16).toString('base64url'), use: 'sig', alg: 'RS256' };
}

// The last is published when it signs: nobody has seen it before.
const keys = [privateKey(), privateKey(), privateKey()];
let signing = 0;
let lifetime = DAY;
const published = () => keys.slice(0, Math.max(2, signing + 1)).map(({ kid }) => kid);

// It warns that it keeps all in memory and that its pages are the default ones, which is what is wanted. Standard output
// is for answers.
const { warn } = console;
console.warn = console.info = () => {};
const provider = new Provider(ISSUER, {
  clients: [{ client_id: CLIENT, client_secret: SECRET, grant_types: ['client_credentials'], response_types: [], redirect_uris: [],
    token_endpoint_auth_method: 'client_secret_basic' },
  { client_id: APPLICATION, client_name: 'The example', application_type: 'native', token_endpoint_auth_method: 'none', response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    redirect_uris: ['http://127.0.0.1/callback', 'http://127.0.0.1/'] }],
  findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  clientBasedCORS: (ctx, origin) => /^http:\/\/127\.0\.0\.1:\d+$/.test(origin),
  pkce: { required: () => true },
  issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
  cookies: { keys: [SECRET] },
  jwks: { keys },
  routes: { jwks: '/.well-known/jwks.json', token: '/oauth/token', authorization: '/authorize', device_authorization: '/oauth/device/code' },
  formats: {
    customizers: {
      jwt: (ctx, token, parts) => {
        const { typ } = ctx.oidc.body;
        if (typ !== undefined) parts.header = { ...parts.header, typ };
      },
    },
  },
  features: {
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (ctx, resource) => {
        if (![AUDIENCE, `${AUDIENCE}/other`].includes(resource)) throw new errors.InvalidTarget();
        return { scope, audience: resource, accessTokenFormat: 'jwt', accessTokenTTL: lifetime, jwt: { sign: { alg: 'RS256', kid: keys[signing].kid } } };
      },
    },
  },
});
console.warn = warn;
provider.use(async (ctx, next) => {
  await next();
  if (ctx.path === '/.well-known/jwks.json') ctx.body = { keys: ctx.body.keys.filter(({ kid }) => published().includes(kid)) };
});

const commands = {
  rotate() {
    signing = keys.length - 1;
  },
  lifetime({ seconds = DAY }) {
    lifetime = seconds;
  },
};

const server = createServer({ key: readFileSync(`${folder}/server.key`), cert: readFileSync(`${folder}/server.pem`) }, provider.callback());
recordSeen(server, folder);
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port, client: CLIENT, secret: SECRET, application: APPLICATION })));
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  commands[command.do](command);
  console.log('{}');
}
process.exit(0);
