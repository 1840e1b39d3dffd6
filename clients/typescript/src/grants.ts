// SPDX-License-Identifier: Apache-2.0
// Requests for tokens, made by oauth4webapi, and what is read of their answers.
//
// Errors of others can hold a token (their `cause` is the answer): none leaves this file and keeper.ts, sign_in.ts.
import * as oauth from 'oauth4webapi';
import { fieldsOf, wordsOf } from './answers.js';
import { Secret, encoded } from './secret.js';
import type { Application, Machine } from './settings.js';
import type { Answer } from './transport.js';

export type Party = Machine | Application;

// b64token of RFC 6750: nothing that could end a header.
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;
// What a refresh token and a device code may consist of (RFC 6749, appendix A; RFC 8628 does not say).
export const VISIBLE = /^[\x20-\x7e]+$/;
// Seconds that are no time.
const ENDLESS = 1e12;
// Seconds before its end in which a token is used no more.
const MARGIN = 60;

/** An access token. `ends` in seconds since 1970, where it is known; `scope` as the issuer has granted it. */
export interface Token {
  readonly value: Secret;
  readonly ends: number | undefined;
  readonly scope: string | undefined;
}

export const isFresh = (token: Token, now: number): boolean => token.ends === undefined || now < token.ends - MARGIN;

export interface Granted {
  readonly token: Token;
  readonly refresh: Secret | undefined;
}

/** `whose`: the issuer has said so, or the answer is none. Others' words, which may repeat a secret: they are not shown
 * as they are. */
export interface Fault {
  readonly whose: 'issuer' | 'client';
  readonly error: string;
  readonly description: string;
}

export const fault = (whose: Fault['whose'], error: string, description = ''): Fault => ({ whose, error, description });

export const isFault = (one: object): one is Fault => 'whose' in one;

// ---- Requests.

export const clientOf = (party: Party): oauth.Client => ({ client_id: party.clientId });

/** What stands in the header that proves who asks. RFC 6749, 2.3.1: id and secret are encoded before they are
 * joined. */
export function basicOf(party: Party): Secret | undefined {
  if (party.secret === undefined || party.authentication !== 'client_secret_basic') return undefined;
  return new Secret(btoa(`${encoded(party.clientId)}:${encoded(party.secret.reveal())}`));
}

/** How it proves who it is. */
export function proofOf(party: Party): oauth.ClientAuth {
  const secret = party.secret?.reveal();
  if (secret === undefined) return oauth.None();
  if (party.authentication === 'client_secret_post') return oauth.ClientSecretPost(secret);
  return (_server, _client, _body, headers) => headers.set('authorization', `Basic ${basicOf(party)!.reveal()}`);
}

/** The audience is always in it; the scope where the grant has not been told it before. */
export function parametersOf(party: Party, { scope }: { scope: boolean }): Record<string, string> {
  return { ...party.parameters, audience: party.audience, ...(scope && party.scope ? { scope: party.scope } : {}) };
}

// ---- Answers.

export const responseOf = (answer: Answer, body: string | Uint8Array = answer.body): Response => {
  const empty = [204, 205, 304].includes(answer.status);
  return new Response(empty ? null : (body as BodyInit), { status: answer.status, headers: answer.headers });
};

const textOr = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** A token whose time counts from `now`, when it was asked for. An ID token is neither asked for nor looked at. */
export async function readToken(party: Party, answer: Answer, now: number): Promise<Granted | Fault> {
  if (answer.status !== 200) return readFault(answer);
  const { access_token, token_type, ...fields } = fieldsOf(answer);
  const seconds = number(fields['expires_in']);
  const scope = textOr(fields['scope']);
  const refresh = fields['refresh_token'] ?? undefined;
  if (typeof token_type === 'string' && token_type.toLowerCase() !== 'bearer') {
    return fault('client', 'answer_invalid', "the issuer's token is not of type Bearer");
  }
  if (refresh !== undefined && !(typeof refresh === 'string' && VISIBLE.test(refresh))) {
    return fault('client', 'answer_invalid', "the issuer's refresh token is none");
  }
  const server = { issuer: party.issuer.url };
  const kept = { access_token, token_type, expires_in: seconds, scope, refresh_token: refresh };
  const read = responseOf(answer, JSON.stringify(kept));
  let value: string;
  try {
    value = (await oauth.processGenericTokenEndpointResponse(server, clientOf(party), read)).access_token;
  } catch {
    value = '';
  }
  if (!TOKEN.test(value)) return fault('client', 'answer_invalid', "the issuer's answer has no token");
  const ends = seconds === undefined ? endOf(value) : now + seconds;
  const token = { value: new Secret(value), ends, scope };
  return { token, refresh: refresh === undefined ? undefined : new Secret(refresh) };
}

export function readFault(answer: Answer): Fault {
  const words = wordsOf(answer);
  if (answer.status >= 400 && words.error) return fault('issuer', words.error, words.description);
  const said = `the issuer answers ${answer.status}`;
  if (answer.status === 429 || answer.status === 503) return fault('issuer', 'temporarily_unavailable', said);
  if (answer.status >= 500) return fault('issuer', 'server_error', said);
  const redirects = answer.status === 0 || (answer.status >= 300 && answer.status < 400);
  return fault('client', 'answer_invalid', redirects ? `${said}, and a redirect is not followed` : said);
}

/** Seconds, also where they are written as text, as some issuers do. */
export function number(value: unknown): number | undefined {
  if (typeof value === 'string' && /^[0-9]{1,9}$/.test(value)) return Number(value);
  return typeof value === 'number' && value >= 0 && value < ENDLESS ? value : undefined;
}

/** `exp` of what looks like a JWT, not verified: it only tells when to ask for another one. */
function endOf(token: string): number | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const claims = JSON.parse(atob(payload)) as { exp?: unknown } | null;
    return number(claims?.exp);
  } catch {
    return undefined;
  }
}
