// SPDX-License-Identifier: Apache-2.0
// How a request leaves and an answer comes: fetch(), which browsers have. node.ts has another way.
import { ClientError } from './errors.js';
import type { Secret } from './secret.js';

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  readonly bearer?: Secret;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  /** 0: a browser does not say which; then it is a redirect. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** There is no answer. `sent`: the request may have arrived. `certificate`: the server's was refused. `closed`: what
 * would have asked was closed. */
export interface Failure {
  readonly sent: boolean;
  readonly reason: string;
  readonly certificate: boolean;
  readonly closed?: boolean;
}

export type Reply = Answer | Failure;

export const isFailure = (reply: Reply): reply is Failure => 'reason' in reply;

export interface Transport {
  /** Never follows a redirect. Rejects where the request's signal is aborted, with its reason, and for nothing else. */
  send(request: Request, seconds: number): Promise<Reply>;
  close(): void;
}

const CLOSED: Failure = {
  sent: false, reason: 'it was closed: make another one', certificate: false, closed: true,
};

/** The same, until it is closed. */
export function closing({ send, close }: Transport): Transport {
  let closed = false;
  return {
    send: async (request, seconds) => (closed ? CLOSED : send(request, seconds)),
    close: () => {
      closed = true;
      close();
    },
  };
}

/** What differs between browsers and Node, and what tests replace. An answer that is longer than `most` is none. */
export interface Platform {
  transport(authority: string | undefined): Transport;
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
  most: number;
}

/** Milliseconds: what is longer setTimeout() takes for none. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** Ends early where the signal is aborted, with its reason. */
function sleep(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const wait = (milliseconds: number) => {
      const part = Math.min(milliseconds, LONGEST_TIMER);
      timer = setTimeout(() => {
        if (milliseconds > part) return wait(milliseconds - part);
        signal?.removeEventListener('abort', end);
        return resolve();
      }, part);
    };
    wait(seconds * 1000);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
  });
}

export const platform: Platform = { transport: browserTransport, sleep, most: 16 * 1024 * 1024 };

/** As they are sent; what a caller sets stays, but for what this client sets itself. */
export function headersOf(request: Request): Record<string, string> {
  const bearer = request.bearer === undefined ? {} : { authorization: `Bearer ${request.bearer.reveal()}` };
  return { ...request.headers, ...bearer };
}

async function readBody(response: Response): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next !== undefined && !next.done; next = await reader?.read()) {
    pieces.push(next.value);
    length += next.value.length;
    if (length > platform.most) return undefined;
  }
  return join(pieces, length);
}

export function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A browser tells a page neither why there is no answer nor whether the request left. */
async function browserSend(request: Request, seconds: number): Promise<Reply> {
  const abort = new AbortController();
  const end = () => abort.abort();
  const timer = setTimeout(end, Math.min(seconds * 1000, LONGEST_TIMER));
  request.signal?.addEventListener('abort', end, { once: true });
  if (request.signal?.aborted) end();
  try {
    const response = await fetch(request.url, {
      method: request.method, headers: headersOf(request), signal: abort.signal, redirect: 'manual', mode: 'cors',
      credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer',
      ...(request.body === undefined ? {} : { body: request.body as BodyInit }),
    });
    const body = await readBody(response);
    if (body !== undefined) return { status: response.status, headers: response.headers, body };
    end();
    return { sent: true, reason: 'no answer (too long)', certificate: false };
  } catch {
    if (request.signal?.aborted) throw request.signal.reason;
    return { sent: true, reason: abort.signal.aborted ? 'no answer (too late)' : 'no answer', certificate: false };
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', end);
  }
}

function browserTransport(authority: string | undefined): Transport {
  if (authority !== undefined) {
    throw new ClientError('setting_invalid', 'authority: a browser trusts the authorities that it knows, and no other');
  }
  return closing({ send: browserSend, close: () => {} });
}
