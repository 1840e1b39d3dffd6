// SPDX-License-Identifier: Apache-2.0
// People sign in: authorization code with PKCE (RFC 7636), device authorization (RFC 8628).
import * as oauth from 'oauth4webapi';
import { fieldsOf, retryAfter } from './answers.js';
import { ClientError, IssuerError } from './errors.js';
import {
  type Fault, type Token, VISIBLE, clientOf, fault, isFault, number, parametersOf, proofOf, readFault, readToken,
  responseOf,
} from './grants.js';
import { type Keeper, type Sending, answerOf, exchange, noAnswer, requestOf } from './keeper.js';
import { monotonic } from './patience.js';
import { Secret, scrub } from './secret.js';
import { https, readHttps } from './settings.js';
import { type Answer, type Failure, isFailure, platform } from './transport.js';

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** One sign-in that has begun: send the browser to `url`, keep this until it comes back to `redirectUri`. */
export class SignIn {
  readonly #url: string;
  readonly #state: Secret;
  readonly #verifier: Secret;
  /** A sign-in ends once, however it does. */
  used = false;

  constructor(url: string, readonly redirectUri: string, state: Secret, verifier: Secret) {
    this.#url = url;
    this.#state = state;
    this.#verifier = verifier;
  }

  get url(): string {
    return this.#url;
  }

  get state(): Secret {
    return this.#state;
  }

  get verifier(): Secret {
    return this.#verifier;
  }

  /** A text for sessionStorage: a page is another one when the browser comes back to it. It holds what proves that the
   * sign-in was begun here: remove it when restore() has read it. */
  save(): string {
    return JSON.stringify([this.#url, this.redirectUri, this.#state.reveal(), this.#verifier.reveal()]);
  }

  static restore(text: string): SignIn {
    let parts: unknown;
    try {
      parts = JSON.parse(text);
    } catch {
      parts = undefined;
    }
    if (!Array.isArray(parts) || parts.length !== 4 || !parts.every((part) => typeof part === 'string')) {
      throw new ClientError('state_mismatch', 'what was kept is no sign-in');
    }
    const [url, redirectUri, state, verifier] = parts as [string, string, string, string];
    return new SignIn(url, redirectUri, new Secret(state), new Secret(verifier));
  }
}

/** What a person needs: open `uri` anywhere and enter `code` there, or open `completeUri`, which has it. */
export interface UserCode {
  readonly code: string;
  readonly uri: string;
  readonly completeUri: string | undefined;
  readonly seconds: number;
}

// ---- Authorization code with PKCE.

/** https, or http to this machine (RFC 8252, 7.3). */
function checkRedirectUri(uri: string): void {
  let parsed: URL | undefined;
  try {
    parsed = new URL(uri);
  } catch {
    parsed = undefined;
  }
  if (parsed?.protocol !== 'http:' || !LOOPBACK.includes(parsed.hostname)) https(uri, 'the redirect URI');
}

export async function begin(keeper: Keeper, redirectUri: string): Promise<SignIn> {
  checkRedirectUri(redirectUri);
  const url = new URL((await keeper.server('authorization_endpoint')).authorization_endpoint!);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const fields = {
    ...parametersOf(keeper.party, { scope: true }), response_type: 'code', client_id: keeper.party.clientId,
    redirect_uri: redirectUri, state, code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return new SignIn(url.href, redirectUri, new Secret(state), new Secret(verifier));
}

export type Redirected = string | URL | URLSearchParams | Readonly<Record<string, string>>;

/** The redirect's parameters, from the whole URL, from its query, or from an object. */
function queryOf(redirected: Redirected): URLSearchParams {
  if (redirected instanceof URL) return redirected.searchParams;
  if (typeof redirected !== 'string') return new URLSearchParams(redirected as Record<string, string>);
  const query = redirected.includes('?') ? redirected.slice(redirected.indexOf('?') + 1) : redirected;
  return new URLSearchParams(query.split('#')[0]);
}

/** The parameters with the code; the state is looked at before any of them is believed. */
function readRedirect(server: oauth.AuthorizationServer, client: oauth.Client, begun: SignIn,
  query: URLSearchParams): URLSearchParams | Fault {
  const names = [...query.keys()];
  const strange = fault('client', 'state_mismatch', 'the answer is not to this sign-in, or of another issuer');
  if (new Set(names).size !== names.length) return strange;
  let found: URLSearchParams;
  try {
    found = oauth.validateAuthResponse(server, client, query, begun.state.reveal());
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) return fault('issuer', error.error, error.error_description);
    return strange;
  }
  return found.get('code') ? found : fault('client', 'answer_invalid', 'the redirect has no code');
}

export async function finish(keeper: Keeper, begun: SignIn, redirected: Redirected): Promise<Token> {
  const { party } = keeper;
  const client = clientOf(party);
  const early = readRedirect({ issuer: party.issuer.url }, client, begun, queryOf(redirected));
  if (isFault(early)) throw keeper.error(early);
  if (begun.used) throw new ClientError('state_mismatch', 'this sign-in has ended before');
  begun.used = true;
  const server = await keeper.server('token_endpoint');
  // Once more with the metadata, which may demand `iss`.
  const query = readRedirect(server, client, begun, early);
  if (isFault(query)) throw keeper.error(query);
  const sent = [new Secret(query.get('code')!), begun.verifier];
  return keeper.alone(() => exchange(keeper, false, sent, (sending) =>
    oauth.authorizationCodeGrantRequest(server, client, proofOf(party), query, begun.redirectUri,
      begun.verifier.reveal(), { ...sending, additionalParameters: parametersOf(party, { scope: false }) })));
}

// ---- Device authorization.

interface DeviceCode {
  readonly user: UserCode;
  readonly value: Secret;
  readonly interval: number;
}

/** What a person opens must be https: it is shown as it is. */
function readDeviceCode(answer: Answer): DeviceCode | Fault {
  if (answer.status !== 200) return readFault(answer);
  const fields = fieldsOf(answer);
  const text = (name: string) => (typeof fields[name] === 'string' && fields[name] !== '' ? fields[name] : undefined);
  const [value, code, uri] = [text('device_code'), text('user_code'), text('verification_uri')];
  const completeUri = text('verification_uri_complete');
  const seconds = number(fields['expires_in']);
  const safe = [uri, completeUri].every((one) => one === undefined || readHttps(one) !== undefined);
  const visible = VISIBLE.test(value ?? '');
  if (value === undefined || code === undefined || uri === undefined || seconds === undefined || !safe || !visible) {
    return fault('client', 'answer_invalid', "the issuer's answer lacks a code, a time, or an https address");
  }
  const interval = Math.max(1, number(fields['interval']) || 5);
  return { user: { code: scrub(code), uri, completeUri, seconds }, value: new Secret(value), interval };
}

/** Sends once; `lost` is how, where there is no answer. */
class Once {
  lost: Failure | undefined;
  readonly sending: Sending;

  constructor(keeper: Keeper) {
    this.sending = {
      [oauth.customFetch]: async (url, options) => {
        const reply = await keeper.transport.send(requestOf(url, options), keeper.limits.answer);
        this.lost = isFailure(reply) ? reply : undefined;
        const none = isFailure(reply) || reply.status === 0 || reply.status > 599;
        return none ? new Response(null, { status: 502 }) : responseOf(reply);
      },
    };
  }
}

/** Asks until somebody has signed in elsewhere: every `interval` seconds, five more after each slow_down, twice as long
 * after each failure of the network (RFC 8628, 3.5), until the code has expired. */
export async function byCode(keeper: Keeper, show: (code: UserCode) => unknown): Promise<Token> {
  const { party } = keeper;
  const server = { ...await keeper.server('token_endpoint'), ...await keeper.server('device_authorization_endpoint') };
  const first = await answerOf(await oauth.deviceAuthorizationRequest(server, clientOf(party), proofOf(party),
    parametersOf(party, { scope: true }), keeper.sending(true)));
  const code = readDeviceCode(first);
  if (isFault(code)) throw keeper.error(code, first.status, retryAfter(first, keeper.clock()));
  await show(code.user);
  const ends = monotonic() + code.user.seconds;
  const count = keeper.signedOut;
  let { interval } = code;
  while (monotonic() + interval < ends) {
    await platform.sleep(interval);
    const askedAt = keeper.clock();
    const once = new Once(keeper);
    const answer = await answerOf(await oauth.deviceCodeGrantRequest(server, clientOf(party), proofOf(party),
      code.value.reveal(), { ...once.sending, additionalParameters: parametersOf(party, { scope: false }) }));
    if (once.lost?.certificate || once.lost?.closed) throw noAnswer(once.lost);
    if (once.lost !== undefined) {
      interval *= 2;
      continue;
    }
    const outcome = await readToken(party, answer, askedAt);
    keeper.stillSignedIn(count);
    if (!isFault(outcome)) return keeper.alone(() => keeper.begin(outcome));
    const told = retryAfter(answer, keeper.clock());
    if (outcome.error === 'slow_down') interval += 5;
    else if (answer.status === 429 || answer.status === 503) interval = Math.max(interval + 5, told ?? 0);
    else if (outcome.error !== 'authorization_pending') throw keeper.error(outcome, answer.status, told, [code.value]);
  }
  throw new IssuerError('expired_token', 'the code was not entered in time');
}
