// SPDX-License-Identifier: Apache-2.0
// jose.mjs: signs for the test and says what jose, an independent implementation, makes of tokens.
//
// It reads one JSON value from standard input and writes one: the answers, in order.
//   {"sign": [[key, algorithm, text], …]}                       signatures as base64url; key is a name in tests/keys
//   {"keys": […], "options": {…}, "verify": [token, …]}         [true, issuer, subject] or [false, jose's code]
import { createRequire } from 'node:module';
import { constants, createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.env.WARD_NODE_MODULES + '/'));
const jose = require('jose');

const pem = (name) => readFileSync(new URL(`../keys/${name}.pem`, import.meta.url));
const privateKeys = new Map();

function privateKey(name) {
  if (!privateKeys.has(name)) privateKeys.set(name, createPrivateKey(pem(name)));
  return privateKeys.get(name);
}

// The classic: the public key's text as an HMAC secret.
function hmac(name, text) {
  const secret = createPublicKey(pem(name)).export({ type: 'spki', format: 'pem' });
  return createHmac('sha256', secret).update(text).digest();
}

function signature([key, algorithm, text]) {
  if (algorithm === 'none') return '';
  const bytes = Buffer.from(text, 'latin1');
  if (algorithm === 'HS256') return hmac(key, bytes).toString('base64url');
  const padding = algorithm.startsWith('PS') ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  return sign(`sha${algorithm.slice(2)}`, bytes, { key: privateKey(key), padding, saltLength: 32 }).toString('base64url');
}

async function verdict(token, set, options) {
  try {
    const { payload } = await jose.jwtVerify(token, set, options);
    return [true, payload.iss, payload.sub];
  } catch (error) {
    // jose's own errors have a code; a mistake in this file must not look like a refusal.
    if (!(error instanceof jose.errors.JOSEError)) throw error;
    return [false, error.code];
  }
}

const jwk = (name) => ({ ...createPublicKey(pem(name)).export({ format: 'jwk' }), kid: name });

async function verdicts({ keys, options, verify }) {
  const set = jose.createLocalJWKSet({ keys: keys.map(jwk) });
  const currentDate = new Date(options.currentDate * 1000);
  const answers = [];
  for (const token of verify) answers.push(await verdict(token, set, { ...options, currentDate }));
  return answers;
}

const question = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(question.sign ? question.sign.map(signature) : await verdicts(question)));
