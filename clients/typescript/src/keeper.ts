// SPDX-License-Identifier: Apache-2.0
// The token that there is, and how there comes to be another one.
import * as oauth from 'oauth4webapi';
import { fieldsOf, retryAfter } from './answers.js';
import { ClientError, IssuerError, WardError } from './errors.js';
import {
  type Fault, type Granted, type Party, type Token, basicOf, clientOf, isFault, isFresh, parametersOf, proofOf,
  readToken, responseOf,
} from './grants.js';
import { type Limits, Patience } from './patience.js';
import { Secret, scrub } from './secret.js';
import { ENDPOINTS, type Endpoint, Machine, https } from './settings.js';
import {
  type Answer, type Failure, type Reply, type Request, type Transport, isFailure, platform,
} from './transport.js';

type Server = oauth.AuthorizationServer;
type Sent = oauth.CustomFetchOptions<string, any>;
/** What the functions of oauth4webapi take to send a request. */
export interface Sending {
  [oauth.customFetch]: (url: string, options: Sent) => Promise<Response>;
}

/** What is known: token, refresh token, endpoints. */
export class Keeper {
  token: Token | undefined;
  refresh: Secret | undefined;
  clock = (): number => Date.now() / 1000;
  chance = Math.random;
  readonly transport: Transport;
  signedOut = 0;
  #running: Promise<Token> | undefined;
  /** While `onRefresh` keeps what came with it: it may need a token itself. */
  #told: Token | undefined;
  #metadata: Server | undefined;

  constructor(readonly party: Party, refreshToken: string | Secret | undefined,
    readonly onRefresh: ((token: string) => unknown) | undefined, public limits: Limits) {
    this.refresh = refreshToken === undefined ? undefined : Secret.of(refreshToken);
    if (this.refresh !== undefined && !this.refresh.isText()) {
      throw new ClientError('setting_invalid', 'the refresh token is no text, or an empty one');
    }
    this.transport = platform.transport(party.issuer.authority);
  }

  patience(limits: Limits = this.limits): Patience {
    return new Patience(limits, undefined, this.chance);
  }

  /** The token, unless it ends soon or is the one that was refused. */
  usable(refused: Token | undefined): Token | undefined {
    const token = this.token;
    if (token === undefined || !isFresh(token, this.clock())) return undefined;
    return refused !== undefined && token.value.equals(refused.value) ? undefined : token;
  }

  /** A refresh token replaces the one before; who wants to keep it is told first. */
  async take(granted: Granted): Promise<Token> {
    this.token = granted.token;
    const { refresh } = granted;
    if (refresh !== undefined && !(this.party instanceof Machine) && !refresh.equals(this.refresh)) {
      this.refresh = refresh;
      this.#told = granted.token;
      try {
        await this.onRefresh?.(refresh.reveal());
      } finally {
        this.#told = undefined;
      }
    }
    return granted.token;
  }

  /** Of a sign-in: perhaps it is somebody else than before, whose refresh token is no part of it. */
  async begin(granted: Granted): Promise<Token> {
    this.refresh = undefined;
    return this.take(granted);
  }

  /** What is on its way then is not taken. */
  signOut(): void {
    this.token = this.refresh = undefined;
    this.signedOut += 1;
  }

  stillSignedIn(count: number): void {
    if (count === this.signedOut || this.party instanceof Machine) return;
    throw new ClientError('sign_in_required', 'somebody has signed out meanwhile');
  }

  secrets(): (Secret | undefined)[] {
    return [basicOf(this.party), this.party.secret, this.refresh, this.token?.value];
  }

  /** A fault as what is thrown, without a secret (of the client, or one that was `sent`) that the issuer might have
   * repeated. */
  error(fault: Fault, status?: number, told?: number, sent: Secret[] = []): WardError {
    const secrets = [...this.secrets(), ...sent];
    const kind = fault.whose === 'issuer' ? IssuerError : ClientError;
    return new kind(scrub(fault.error, secrets), scrub(fault.description, secrets), { status, retryAfter: told });
  }

  // ---- A token: the one that there is, or another.

  /** One asks at a time; who has waited for that takes what came of it, a failure, too. */
  async current(refused?: Token): Promise<Token> {
    const token = this.usable(refused);
    if (token !== undefined) return token;
    const told = this.#told;
    if (told !== undefined && !(refused !== undefined && told.value.equals(refused.value))) return told;
    if (this.#running === undefined) return this.alone(() => renew(this));
    const came = await this.#running;
    return refused !== undefined && came.value.equals(refused.value) ? this.current(refused) : came;
  }

  /** Steps that nobody else may take meanwhile. */
  async alone(steps: () => Promise<Token>): Promise<Token> {
    while (this.#running !== undefined) await this.#running.catch(() => undefined);
    this.#running = steps().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  // ---- The issuer.

  /** What oauth4webapi sends requests by. `harmless`: asking twice does nothing that asking once does not. */
  sending(harmless: boolean): Sending {
    return {
      [oauth.customFetch]: async (url, options) => responseOf(await askIssuer(this, requestOf(url, options), harmless)),
    };
  }

  /** The issuer with its endpoints: as they were given, or as its metadata names them. */
  async server(needed: Endpoint): Promise<Server> {
    const { url, endpoints } = this.party.issuer;
    if (endpoints[needed] === undefined) this.#metadata ??= await discover(this);
    const server: Server = { ...this.#metadata, issuer: url, ...endpoints };
    if (server[needed] !== undefined) {
      https(server[needed], `the issuer's ${needed}`);
      return server;
    }
    const lacking = `the issuer's metadata names no ${needed}: switch it on there, or give it`;
    throw new ClientError('setting_invalid', lacking);
  }
}

async function renew(keeper: Keeper): Promise<Token> {
  const { party, refresh } = keeper;
  if (party instanceof Machine) {
    const server = await keeper.server('token_endpoint');
    const parameters = parametersOf(party, { scope: true });
    return exchange(keeper, true, [], (sending) =>
      oauth.clientCredentialsGrantRequest(server, clientOf(party), proofOf(party), parameters, sending));
  }
  if (refresh === undefined) throw new ClientError('sign_in_required', 'nobody has signed in');
  const server = await keeper.server('token_endpoint');
  const additionalParameters = parametersOf(party, { scope: false });
  try {
    return await exchange(keeper, false, [], (sending) =>
      oauth.refreshTokenGrantRequest(server, clientOf(party), proofOf(party), refresh.reveal(),
        { ...sending, additionalParameters }));
  } catch (error) {
    if (error instanceof IssuerError && error.error === 'invalid_grant' && keeper.refresh?.equals(refresh)) {
      keeper.refresh = keeper.token = undefined;
    }
    throw error;
  }
}

/** `sent`: secrets in the request, which is one of a sign-in then. A code and a refresh token that rotates are good
 * for one time, so they are not harmless: a second use may end them all. */
export async function exchange(keeper: Keeper, harmless: boolean, sent: Secret[],
  ask: (sending: Sending) => Promise<Response>): Promise<Token> {
  const [askedAt, count] = [keeper.clock(), keeper.signedOut];
  const answer = await answerOf(await ask(keeper.sending(harmless)));
  const outcome = await readToken(keeper.party, answer, askedAt);
  if (isFault(outcome)) throw keeper.error(outcome, answer.status, retryAfter(answer, keeper.clock()), sent);
  keeper.stillSignedIn(count);
  return sent.length > 0 ? keeper.begin(outcome) : keeper.take(outcome);
}

// ---- Requests of oauth4webapi, and their answers.

export function requestOf(url: string, { method, headers, body }: Sent): Request {
  return { method, url, headers, body: body ? new TextEncoder().encode(String(body)) : undefined };
}

export async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, body: new Uint8Array(await response.arrayBuffer()) };
}

export function noAnswer(reply: Failure, harmless = true): ClientError {
  if (reply.closed) return new ClientError('setting_invalid', reply.reason);
  if (reply.certificate) return new ClientError('certificate_refused', reply.reason);
  return new ClientError(harmless || !reply.sent ? 'unreachable' : 'effect_unknown', reply.reason);
}

/** 429 says that nothing was done, and so does a connection that was never made. */
function mayAskAgain(reply: Reply, harmless: boolean): boolean {
  if (isFailure(reply)) return !reply.certificate && !reply.closed && (harmless || !reply.sent);
  return reply.status === 429 || (harmless && reply.status === 503);
}

// A browser does not say by which status.
const REDIRECTS = 'the issuer redirects, and that is not followed';

async function askIssuer(keeper: Keeper, request: Request, harmless: boolean): Promise<Answer> {
  const patience = keeper.patience();
  for (;;) {
    const reply = await keeper.transport.send(request, patience.answer());
    const again = mayAskAgain(reply, harmless);
    const told = again && !isFailure(reply) ? retryAfter(reply, keeper.clock()) : undefined;
    const pause = again ? patience.pause(told) : undefined;
    if (pause !== undefined) await platform.sleep(pause);
    else if (isFailure(reply)) throw noAnswer(reply, harmless);
    else if (reply.status === 0) throw new ClientError('answer_invalid', REDIRECTS);
    // No Response has such a status.
    else if (reply.status > 599) throw new ClientError('answer_invalid', `the issuer answers ${reply.status}`);
    else return reply;
  }
}

/** OpenID discovery appends, RFC 8414 inserts. */
async function discover(keeper: Keeper): Promise<Server> {
  const issuer = keeper.party.issuer.url;
  for (const algorithm of ['oidc', 'oauth2'] as const) {
    const response = await oauth.discoveryRequest(new URL(issuer), { ...keeper.sending(true), algorithm });
    if (response.status === 404) continue;
    const found = fieldsOf(await answerOf(response));
    if (response.status !== 200 || found['issuer'] !== issuer) {
      const strange = "the metadata is not the issuer's: it must name exactly its URL";
      throw new ClientError('answer_invalid', strange, { status: response.status });
    }
    // The others are not used, so they are not judged either.
    const names = [...ENDPOINTS, 'authorization_response_iss_parameter_supported'];
    return { ...Object.fromEntries(names.map((name) => [name, found[name]])), issuer };
  }
  throw new ClientError('answer_invalid', 'the issuer has no metadata: give its endpoints', { status: 404 });
}
