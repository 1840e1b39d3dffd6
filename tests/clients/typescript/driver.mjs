// SPDX-License-Identifier: Apache-2.0
// driver.mjs DIST: does with the client in TypeScript what bridge.py says: a line of JSON in, {"id", "do", …}, a line
// out, {"id", "ok"} or {"id", "error"}; and events between them, {"event", …}. It ends when its standard input ends.
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';
import { pathToFileURL } from 'node:url';

const before = { crypto: typeof globalThis.crypto };
const from = (name) => import(new URL(name, pathToFileURL(`${process.argv[2]}/`)));
const ward = await from('node.js');
const { platform } = await from('transport.js');
const { challenge, retryAfter } = await from('answers.js');
const { decide, address, originOf, makeRequest } = await from('asking.js');
const { hintOf, isGates } = await from('errors.js');
const { table } = await from('hints.js');
const { isFresh, readToken, isFault } = await from('grants.js');
const { Patience, LIMITS } = await from('patience.js');
const { scrub } = await from('secret.js');

const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const { sleep } = platform;
const objects = [];
const keep = (object) => objects.push(object) - 1;
const secrets = (texts) => texts.map((text) => new ward.Secret(text));

const Script = Object.getPrototypeOf(async () => {}).constructor;

// ---- To and fro.

function partyOf({ kind, issuer: { url, ...endpoints }, clientId, secret, ...options }) {
  const issuer = new ward.Issuer(url, endpoints);
  return kind === 'Machine' ? new ward.Machine(issuer, clientId, secret, options)
    : new ward.Application(issuer, clientId, { secret, ...options });
}

const bytes = (base64) => new Uint8Array(Buffer.from(base64, 'base64'));
const answerOf = ({ status, headers, body }) => ({ status, headers: new Headers(headers), body: bytes(body) });
const replyOf = (given) => ('reason' in given ? given : answerOf(given));
const tokenOf = ({ value, ends, scope }) => ({ value: value.reveal(), ends, scope });
const inspected = (one) => inspect(one, { depth: 12, showHidden: true });
const shown = (one) => [inspected(one), String(one), JSON.stringify(one) ?? '', one?.stack ?? ''].join('\n');

const errorOf = (error) => ({
  kind: error.name, error: error.error, description: error.description, status: error.status, scope: error.scope,
  retryAfter: error.retryAfter, hint: error.hint, message: error.message, shown: shown(error), caused: 'cause' in error,
});

// ---- What it can do.

const commands = {
  hello: () => ({ ...before, version: process.version, supplied: typeof globalThis.crypto }),
  record({ off }) {
    platform.sleep = off ? sleep : async (seconds) => tell({ event: 'wait', seconds });
  },
  party: ({ party }) => void partyOf(party),
  tokens({ party, refreshToken, limits }) {
    const number = keep(undefined);
    const onRefreshToken = (token) => tell({ event: 'refresh', tokens: number, token });
    objects[number] = new ward.Tokens(partyOf(party), { refreshToken, onRefreshToken, limits });
    return number;
  },
  keeper({ tokens, offset, limits, forget, chance }) {
    const keeper = ward.Tokens.keeperOf(objects[tokens]);
    if (forget) keeper.token = undefined;
    if (chance !== undefined) keeper.chance = () => chance;
    if (offset !== undefined) keeper.clock = () => Date.now() / 1000 + offset;
    if (limits !== undefined) keeper.limits = { ...LIMITS, ...limits };
  },
  device: ({ url, tokens, authority, limits }) => keep(new ward.Device(url, objects[tokens], { authority, limits })),
  close: ({ object }) => objects[object].close(),
  shown: ({ object }) => shown(objects[object]),
  get: async ({ tokens }) => tokenOf(await objects[tokens].get()),
  async begin({ tokens, redirectUri }) {
    const begun = await objects[tokens].beginSignIn(redirectUri);
    // As a page does it.
    const object = keep(ward.SignIn.restore(begun.save()));
    const [state, verifier] = [begun.state.reveal(), begun.verifier.reveal()];
    return { object, url: begun.url, redirectUri: begun.redirectUri, state, verifier };
  },
  finish: async ({ tokens, begun, redirected }) =>
    tokenOf(await objects[tokens].finishSignIn(objects[begun], redirected)),
  signIn: async ({ id, tokens, port, seconds }) =>
    tokenOf(await ward.signIn(objects[tokens], (url) => tell({ event: 'open', id, url }), { port, seconds })),
  byCode: async ({ id, tokens }) =>
    tokenOf(await objects[tokens].signInByCode((code) => tell({ event: 'show', id, code }))),
  async request({ device, method, target, body, headers, json, by, most }) {
    platform.most = most ?? platform.most;
    const options = { headers, json, ...(body === undefined ? {} : { body: bytes(body) }) };
    const answer = by === 'fetch' ? await objects[device].fetch(target, { method, ...options })
      : await objects[device].request(method, target, options);
    const { status, headers: fields } = answer;
    const base64 = Buffer.from(await answer.arrayBuffer()).toString('base64');
    return { status, headers: Object.fromEntries(fields), body: base64 };
  },
  async abort({ device, method, target, after }) {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('enough')), after * 1000);
    const asked = objects[device].request(method, target, { signal: abort.signal });
    return asked.then(() => 'answered', (error) => error.message);
  },
  // What only JavaScript can say. `from` imports of the client.
  run: ({ script, ...words }) => new Script('ward', 'objects', 'from', 'words', script)(ward, objects, from, words),
  restore: ({ text }) => void ward.SignIn.restore(text),
  secret({ text }) {
    const secret = new ward.Secret(text);
    return {
      revealed: secret.reveal(), inspected: inspect({ a: [secret] }), shown: shown(secret), template: `${secret}`,
      cloned: inspect(structuredClone(secret)),
    };
  },
  // ---- Decisions.
  decide({ method, reply, now, known }) {
    const { what, error, told } = decide(method, replyOf(reply), now, secrets(known));
    return { what, told, error: error && errorOf(error) };
  },
  challenge: ({ value }) => challenge(value),
  retryAfter: ({ answer, now }) => retryAfter(replyOf(answer), now),
  hintOf: ({ source, error, description }) => hintOf(source, error, description),
  isGates: ({ status, error, description }) => isGates(status, error, description),
  table: () => table,
  patience: ({ limits, now }) => {
    const object = { now, chance: 0 };
    object.patience = new Patience(limits, () => object.now, () => object.chance);
    return keep(object);
  },
  pause({ patience, told, now, chance }) {
    Object.assign(objects[patience], { now, chance });
    return objects[patience].patience.pause(told);
  },
  patienceAnswer({ patience, now }) {
    Object.assign(objects[patience], { now });
    return objects[patience].patience.answer();
  },
  isFresh: ({ ends, now }) => isFresh({ value: new ward.Secret('t'), ends }, now),
  async readToken({ answer, now }) {
    const party = new ward.Application(new ward.Issuer('https://issuer'), 'id', { audience: 'a' });
    const outcome = await readToken(party, replyOf(answer), now);
    if (isFault(outcome)) return { fault: outcome };
    return { token: tokenOf(outcome.token), refresh: outcome.refresh?.reveal() };
  },
  originOf: ({ url }) => originOf(url),
  address: ({ origin, target }) => address(origin, target),
  makeRequest: ({ origin, method, target, ...options }) => makeRequest(origin, method, target, options).url,
  scrub: ({ text, known }) => scrub(text, secrets(known)),
};

async function obey(command) {
  try {
    tell({ id: command.id, ok: await commands[command.do](command) ?? null });
  } catch (error) {
    const bug = { kind: 'bug', message: error?.stack ?? String(error) };
    tell({ id: command.id, error: error instanceof ward.WardError ? errorOf(error) : bug });
  }
}

for await (const line of createInterface({ input: process.stdin })) void obey(JSON.parse(line));
process.exit(0);
