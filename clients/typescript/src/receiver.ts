// SPDX-License-Identifier: Apache-2.0
// Where a browser comes back to after a sign-in, for tools on the same machine (RFC 8252, 7.3).
import { timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClientError } from './errors.js';
import type { Token } from './grants.js';
import type { SignIn } from './sign_in.js';
import type { Tokens } from './tokens.js';
import { LONGEST_TIMER } from './transport.js';

const PATH = '/callback';
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'", Connection: 'close',
};
const page = (title: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sign-in</title><h1>${title}</h1>
<p>You may close this window and go back to the program.</p></html>
`;

export interface SignInOptions {
  /** 0: any that is free, where the issuer takes any port of loopback. */
  port?: number;
  seconds?: number;
}

/** Of bytes: texts of one length can have different ones, and whoever finds the port may send any. */
function equal(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}

/** Only an answer with the state that it waits for counts. */
class Receiver {
  begun: SignIn | undefined;
  #found: (query: URLSearchParams) => void = () => {};
  readonly redirected = new Promise<URLSearchParams>((resolve) => {
    this.#found = resolve;
  });

  readonly server = createServer((request, response) => {
    const [path, query] = (request.url ?? '').split('?', 2);
    const fields = new URLSearchParams(query);
    const mine = path === PATH && request.method === 'GET' && this.begun !== undefined &&
      equal(fields.get('state') ?? '', this.begun.state.reveal());
    response.writeHead(mine ? 200 : 404, HEADERS).end(page(mine ? 'Sign-in has ended' : 'Nothing is here'));
    if (mine) this.#found(fields);
  });

  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(port, '127.0.0.1', resolve);
    }).catch(() => {
      throw new ClientError('setting_invalid', `port ${port} of 127.0.0.1 cannot be listened on`);
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${PATH}`;
  }
}

/** In a browser on this machine. The issuer must know http://127.0.0.1:PORT/callback. `openUrl` opens a browser
 * there. */
export async function signIn(tokens: Tokens, openUrl: (url: string) => unknown,
  options: SignInOptions = {}): Promise<Token> {
  const receiver = new Receiver();
  let timer: NodeJS.Timeout | undefined;
  try {
    const begun = await tokens.beginSignIn(await receiver.listen(options.port ?? 0));
    receiver.begun = begun;
    const late = new Promise<never>((_, reject) => {
      const end = () => reject(new ClientError('timed_out', 'nobody has signed in'));
      timer = setTimeout(end, Math.min((options.seconds ?? 300) * 1000, LONGEST_TIMER));
    });
    // What opens a browser may last as long as that is open: only its failure ends this.
    const opened = Promise.resolve(openUrl(begun.url)).then(() => receiver.redirected);
    return await tokens.finishSignIn(begun, await Promise.race([receiver.redirected, opened, late]));
  } finally {
    clearTimeout(timer);
    receiver.server.close();
    receiver.server.closeIdleConnections();
  }
}
