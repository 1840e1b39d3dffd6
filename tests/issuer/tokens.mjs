// SPDX-License-Identifier: Apache-2.0
// tokens.mjs PORT: gets tokens from the issuer that listens there, makes hostile ones out of them, and prints all as
// JSON: [{name, token}, …]. NODE_EXTRA_CA_CERTS names the issuer's authority.
import { createHmac, generateKeyPairSync, createPublicKey } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.env.WARD_NODE_MODULES + '/'));
const jose = require('jose');

const base = `https://127.0.0.1:${process.argv[2]}`;
const AUDIENCE = 'https://api.theholefoundation.org';
const USER = { grant_type: 'password', username: 'auth0|65f0c0ffee1234567890abcd', password: 'x', client_id: 'k2bXJ0c3VpdGUgY2xpZW50IGlkIDE',
  audience: AUDIENCE, scope: 'read:transparency read:foia write:foia read:projects write:projects' };
const OTHER_USER = { ...USER, username: 'google-oauth2|108204268033311374519', scope: 'read:projects write:projects' };
const MACHINE = { grant_type: 'client_credentials', client_id: 'm2mQ1d0b3JrZmxvdyBydW5uZXI', audience: AUDIENCE, aud: AUDIENCE,
  scope: 'execute:workflows read:vectors' };

async function get(request) {
  const response = await fetch(`${base}/oauth/token`, { method: 'POST', body: new URLSearchParams(request) });
  if (!response.ok) throw new Error(`the issuer answers ${response.status}: ${await response.text()}`);
  return (await response.json()).access_token;
}

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const decode = (segment) => JSON.parse(Buffer.from(segment, 'base64url').toString());

const user = await get(USER);
const [header, payload, signature] = user.split('.');
const { keys } = await (await fetch(`${base}/.well-known/jwks.json`)).json();
const kid = decode(header).kid;
const publicKey = createPublicKey({ key: keys.find((key) => key.kid === kid), format: 'jwk' });

// The classic: the public key's text as an HMAC secret.
function hs256() {
  const input = `${encode({ ...decode(header), alg: 'HS256' })}.${payload}`;
  const secret = publicKey.export({ type: 'spki', format: 'pem' });
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

function strangersKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return new jose.SignJWT(decode(payload)).setProtectedHeader({ ...decode(header), kid: 'strangers-key-0000001' }).sign(privateKey);
}

function encrypted() {
  const { publicKey: recipient } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return new jose.CompactEncrypt(Buffer.from(user)).setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' }).encrypt(recipient);
}

const tampered = `${header}.${encode({ ...decode(payload), sub: 'auth0|admin' })}.${signature}`;
const tokens = {
  user,
  other_user: await get(OTHER_USER),
  machine: await get(MACHINE),
  expired: await get({ ...USER, shape: 'expired' }),
  wrong_audience: await get({ ...USER, shape: 'wrong_audience' }),
  wrong_issuer: await get({ ...USER, shape: 'wrong_issuer' }),
  not_yet_valid: await get({ ...USER, shape: 'not_yet_valid' }),
  tampered,
  none: `${encode({ alg: 'none', typ: 'JWT', kid })}.${payload}.`,
  hs256: hs256(),
  unknown_key: await strangersKey(),
  encrypted: await encrypted(),
  opaque: 'v4xPz1qLw8fUaYb2Tn6KcJ0hRgEs3DmV',
};
console.log(JSON.stringify(Object.entries(tokens).map(([name, token]) => ({ name, token }))));
