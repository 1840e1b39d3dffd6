// SPDX-License-Identifier: Apache-2.0
// In Node: requests by node:https, which takes an authority and tells whether a request has left; sign-in on loopback.
//
// Node 18 has no global `crypto`, which oauth4webapi calls: this module supplies Node's own.
import { webcrypto, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { ClientError } from './errors.js';
import {
  type Answer, type Reply, type Request, type Transport, LONGEST_TIMER, closing, headersOf, join, platform,
} from './transport.js';

export * from './index.js';
export { signIn, type SignInOptions } from './receiver.js';

if (globalThis.crypto === undefined) {
  const property = { value: webcrypto, configurable: true, enumerable: true, writable: true };
  Object.defineProperty(globalThis, 'crypto', property);
}

// What Node calls it where a certificate is not one to trust; what the server says of it begins with ERR_SSL.
const CERTIFICATE = /^(?!ERR_SSL).*(?:CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/;
const WITH_BODY = ['POST', 'PUT', 'PATCH'];

/** The file's certificates. */
function read(authority: string): string {
  try {
    const text = readFileSync(authority, 'utf8');
    void new X509Certificate(text);
    return text;
  } catch {
    throw new ClientError('setting_invalid', `the authority's file ${authority} cannot be read as a certificate (PEM)`);
  }
}

function options(request: Request, agent: https.Agent): https.RequestOptions {
  const { method, body } = request;
  const headers: Record<string, string> = {
    'user-agent': 'ward-client', accept: '*/*', ...headersOf(request), 'accept-encoding': 'identity',
  };
  if (body !== undefined || WITH_BODY.includes(method)) headers['content-length'] = String(body?.length ?? 0);
  return { method, headers, agent };
}

/** One request, whose end is the first of: an answer, a failure, an abort. */
function send(agent: https.Agent, request: Request, seconds: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let sent = false;
    let late = '';
    const abort = () => {
      reject(request.signal?.reason);
      outgoing.destroy();
    };
    const finish = (reply: Reply) => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', abort);
      resolve(reply);
    };
    const fail = (error: NodeJS.ErrnoException) => {
      const code = error.code ?? 'closed';
      if (!sent && CERTIFICATE.test(code)) {
        return finish({ sent: false, reason: "the server's certificate is not one to trust", certificate: true });
      }
      return finish({ sent, reason: `${sent ? 'no answer' : 'no connection'} (${late || code})`, certificate: false });
    };
    const outgoing = https.request(request.url, options(request, agent), (incoming) => {
      const pieces: Uint8Array[] = [];
      let length = 0;
      incoming.on('data', (piece: Uint8Array) => {
        pieces.push(piece);
        length += piece.length;
        if (length > platform.most) end('too long');
      });
      incoming.on('error', fail);
      incoming.on('end', () => finish(answerOf(incoming.statusCode!, incoming.rawHeaders, join(pieces, length))));
    });
    const end = (why: string) => {
      late = why;
      // Whatever Node still tells of it: this has ended.
      fail(new Error(why));
      outgoing.destroy();
    };
    const timer = setTimeout(end, Math.min(seconds * 1000, LONGEST_TIMER), 'too late');
    outgoing.on('socket', (socket) => {
      // Before the handshake has ended nothing of the request leaves.
      sent = outgoing.reusedSocket;
      socket.once('secureConnect', () => {
        sent = true;
      });
    });
    outgoing.on('error', fail);
    // 101: nobody has asked for another protocol, and Node tells of it in no other way.
    outgoing.on('upgrade', () => end('another protocol'));
    request.signal?.addEventListener('abort', abort, { once: true });
    if (request.signal?.aborted) abort();
    else outgoing.end(request.body);
  });
}

function answerOf(status: number, raw: readonly string[], body: Uint8Array): Answer {
  const headers = new Headers();
  for (let at = 0; at + 1 < raw.length; at += 2) headers.append(raw[at]!, raw[at + 1]!);
  return { status, headers, body };
}

platform.transport = (authority: string | undefined): Transport => {
  const ca = authority === undefined ? {} : { ca: read(authority) };
  const agent = new https.Agent({ ...ca, keepAlive: true, minVersion: 'TLSv1.2', rejectUnauthorized: true });
  return closing({ send: (request, seconds) => send(agent, request, seconds), close: () => agent.destroy() });
};
