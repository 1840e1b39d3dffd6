// SPDX-License-Identifier: Apache-2.0
// Asking a device: what to do with each answer.
import { retryAfter, wordsOf } from './answers.js';
import { ClientError, DeviceError, type WardError, isGates } from './errors.js';
import type { Token } from './grants.js';
import { type Keeper, noAnswer } from './keeper.js';
import type { Limits } from './patience.js';
import { type Secret, scrub } from './secret.js';
import { https } from './settings.js';
import {
  type Answer, type Failure, type Reply, type Request, type Transport, isFailure, platform,
} from './transport.js';

// RFC 9110, 9.2: what these do is done by one as by two, or is nothing.
const SAFE = ['GET', 'HEAD', 'OPTIONS'];
const IDEMPOTENT = [...SAFE, 'PUT', 'DELETE'];
// TRACE sends back what it was sent (RFC 9110, 9.3.8).
const REFUSED_METHODS = ['TRACE', 'CONNECT'];
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^(?:[!-~](?:[\t -~]*[!-~])?)?$/;
const REFUSED_NAMES = ['authorization', 'host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'te',
  'trailer', 'upgrade', 'expect'];

// ---- The request.

/** A device is an origin: scheme, name, port. */
export function originOf(url: string): string {
  const parsed = https(url, 'the device');
  if (parsed.pathname !== '/' || parsed.search || parsed.hash || url.endsWith('?') || url.endsWith('#')) {
    throw new ClientError('setting_invalid', "the device's URL must end after its name and port");
  }
  return parsed.origin;
}

export const isDots = (segment: string): boolean => /^(?:\.|%2e){1,2}$/i.test(segment);

/** A path of the device, or a URL of its own origin. Dot segments would be resolved before they are sent. */
export function address(origin: string, target: string): string {
  const path = target.startsWith(`${origin}/`) ? target.slice(origin.length) : target;
  if (!path.startsWith('/') || path.startsWith('//') || /[\x00-\x20\x7f#\\]/.test(path)) {
    throw new ClientError('other_origin', 'the target is no path of the device');
  }
  if (path.split('?')[0]!.split('/').some(isDots)) throw new ClientError('other_origin', 'the target has dot segments');
  return origin + path;
}

export type Body = string | Uint8Array | undefined;

export interface RequestOptions {
  /** What is sent as JSON. */
  json?: unknown;
  body?: Body;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
}

/** A body must be whole: it may have to be sent twice. */
function wrongWith(method: string, headers: object, { json, body }: RequestOptions): string | undefined {
  if (!/^[A-Z]+$/.test(method) || REFUSED_METHODS.includes(method)) {
    return 'the method is no word, or TRACE or CONNECT';
  }
  for (const [name, value] of Object.entries(headers)) {
    if (REFUSED_NAMES.includes(name.toLowerCase())) return `the client sets ${name.toLowerCase()} itself`;
    if (!NAME.test(name) || typeof value !== 'string' || !VALUE.test(value)) {
      return "a header's name or value has what cannot be sent: ASCII, without ends of lines";
    }
  }
  if (json !== undefined && (body !== undefined || JSON.stringify(json) === undefined)) {
    return 'json is nothing that JSON has, or there beside body';
  }
  if (body !== undefined && typeof body !== 'string' && !((body as unknown) instanceof Uint8Array)) {
    return 'body is neither a text nor a Uint8Array: it may have to be sent twice';
  }
  const bodied = json !== undefined || body !== undefined;
  return bodied && ['GET', 'HEAD'].includes(method) ? `a ${method} has no body: browsers send none` : undefined;
}

export function makeRequest(origin: string, method: string, target: string, options: RequestOptions = {}): Request {
  const given = options.headers ?? {};
  const upper = String(method).toUpperCase();
  const wrong = wrongWith(upper, given, options);
  if (wrong !== undefined) throw new ClientError('setting_invalid', wrong);
  const headers: Record<string, string> = Object.fromEntries(new Headers(given));
  const text = options.json === undefined ? options.body : JSON.stringify(options.json);
  if (options.json !== undefined) headers['content-type'] ??= 'application/json';
  // A copy: what is sent again is what was given, whatever has become of that.
  const body = typeof text === 'string' ? new TextEncoder().encode(text) : text && new Uint8Array(text);
  return { method: upper, url: address(origin, target), headers, body, signal: options.signal };
}

// ---- What to do with an answer.

type Secrets = Iterable<Secret | undefined>;

/** `renew`: with another token, once; `error` is thrown where that was done before. `repeat`: after `told` seconds,
 * where they are known; `error` is thrown where that is too long or too often. */
export type Decision =
  | { readonly what: 'done'; readonly answer: Answer }
  | { readonly what: 'renew' | 'fail'; readonly error: WardError }
  | { readonly what: 'repeat'; readonly error: WardError; readonly told: number | undefined };

/** A request that may have had an effect is not repeated: only what the gate itself has refused, before any endpoint
 * has begun, what was never sent, and methods of which two do what one does. */
export function decide(method: string, reply: Reply, now: number, secrets: Secrets = []): Decision {
  if (isFailure(reply)) return decideFailure(method, reply);
  const { status } = reply;
  if ((status >= 200 && status < 300) || status === 304) return { what: 'done', answer: reply };
  if (status < 400) {
    const said = status === 0 ? 'the device redirects, and that is not followed'
      : `the device answers ${status}, and a redirect is not followed`;
    return { what: 'fail', error: new ClientError('answer_invalid', said, { status: status || undefined }) };
  }
  const words = wordsOf(reply);
  const told = retryAfter(reply, now);
  const hidden = [...secrets];
  const scope = scrub(words.scope ?? '', hidden) || undefined;
  const refusal = new DeviceError(scrub(words.error || 'unknown', hidden), scrub(words.description, hidden),
    { status, scope, retryAfter: told });
  if (status === 401 && words.error === 'invalid_token') return { what: 'renew', error: refusal };
  const waits = status === 429 || status === 503;
  if (waits && (isGates(status, words.error, words.description) || IDEMPOTENT.includes(method))) {
    return { what: 'repeat', error: refusal, told };
  }
  return { what: 'fail', error: refusal };
}

function decideFailure(method: string, reply: Failure): Decision {
  const error = noAnswer(reply, SAFE.includes(method));
  if (reply.certificate || reply.closed || (reply.sent && !IDEMPOTENT.includes(method))) return { what: 'fail', error };
  return { what: 'repeat', error, told: undefined };
}

/** What others wait for as well goes on where the signal is aborted; only this waiting ends. */
function unless<Value>(signal: AbortSignal | undefined, promise: Promise<Value>): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

export async function ask(keeper: Keeper, transport: Transport, request: Request, limits: Limits): Promise<Answer> {
  request.signal?.throwIfAborted();
  const patience = keeper.patience(limits);
  let refused: Token | undefined;
  for (;;) {
    const token = await unless(request.signal, keeper.current(refused));
    if (!patience.hasTime()) {
      throw new ClientError('timed_out', 'getting a token took all of the time; nothing was sent with it');
    }
    const reply = await transport.send({ ...request, bearer: token.value }, patience.answer());
    const decision = decide(request.method, reply, keeper.clock(), [token.value, ...keeper.secrets()]);
    if (decision.what === 'done') return decision.answer;
    if (decision.what === 'renew' && refused === undefined) {
      refused = token;
      continue;
    }
    const pause = decision.what === 'repeat' ? patience.pause(decision.told) : undefined;
    if (pause === undefined) throw decision.error;
    await platform.sleep(pause, request.signal);
  }
}
