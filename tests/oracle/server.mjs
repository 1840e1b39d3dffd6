// SPDX-License-Identifier: Apache-2.0
// server.mjs FILE: an API behind Auth0's own validator, express-oauth2-jwt-bearer, http on loopback. FILE is its key set.
//
// When it serves it prints one line of JSON: {"port": …}. It ends when its standard input ends. Its routes are those of
// test_oracle.py.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.env.WARD_NODE_MODULES + '/'));
const express = require('express');
const { auth, requiredScopes, scopeIncludesAny } = require('express-oauth2-jwt-bearer');

const keys = readFileSync(process.argv[2]);
const app = express();
// Longer than any token that ward looks at, so that it is the validator that is asked.
const server = createServer({ maxHeaderSize: 65536 }, app);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  app.get('/jwks', (request, response) => response.type('json').send(keys));
  app.use(express.urlencoded({ extended: false }));
  app.use(auth({
    issuer: 'https://dev-4fszoklachwdh46m.us.auth0.com/',
    audience: 'https://api.theholefoundation.org',
    jwksUri: `http://127.0.0.1:${port}/jwks`,
    tokenSigningAlg: 'RS256',
  }));
  const granted = (request, response) => response.json({ subject: request.auth.payload.sub });
  app.get('/foia', requiredScopes('read:foia'), granted);
  app.post('/foia', requiredScopes('write:foia'), granted);
  app.get('/both', requiredScopes('read:foia write:foia'), granted);
  app.get('/either', scopeIncludesAny('admin:foia read:foia'), granted);
  app.get('/admin', requiredScopes('admin:database'), granted);
  app.get('/any', granted);
  app.use((error, request, response, next) => response.status(error.status ?? 500).set(error.headers ?? {}).end());
  console.log(JSON.stringify({ port }));
});
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
