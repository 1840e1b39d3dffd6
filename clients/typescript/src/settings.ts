// SPDX-License-Identifier: Apache-2.0
// Who asks for tokens, and whom.
import { ClientError } from './errors.js';
import { Secret } from './secret.js';

// What grants.ts and sign_in.ts set.
const RESERVED = ['audience', 'scope', 'client_id', 'client_secret', 'grant_type', 'code', 'code_verifier',
  'code_challenge', 'code_challenge_method', 'device_code', 'redirect_uri', 'refresh_token', 'response_type', 'state'];

/** The URL, where it is https, has no password in it, and a name that can be one. */
export function readHttps(url: unknown): URL | undefined {
  // What the parser would drop, decode or turn round is looked for in the text.
  const plain = typeof url === 'string' && /^https:\/\/[^/?#@%]+(?:[/?#]|$)/i.test(url);
  if (!plain || /[\x00-\x20\x7f\\]/.test(url)) return undefined;
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return undefined;
  }
  const labels = parsed.hostname.replace(/\.$/, '').split('.');
  const named = labels.every((label) => label.length > 0 && label.length < 64);
  return named && parsed.port !== '0' ? parsed : undefined;
}

export function https(url: unknown, what: string): URL {
  const parsed = readHttps(url);
  if (parsed === undefined) throw new ClientError('https_required', `${what} is no https URL`);
  return parsed;
}

export const ENDPOINTS = ['token_endpoint', 'authorization_endpoint', 'device_authorization_endpoint'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];
export type Endpoints = { [Name in Endpoint]?: string };

export interface IssuerOptions {
  /** A PEM file with the authority of its certificate, where that is not one that Node knows. Not in browsers. */
  authority?: string | undefined;
  tokenEndpoint?: string;
  authorizationEndpoint?: string;
  deviceAuthorizationEndpoint?: string;
}

/** Whom tokens are asked of. Endpoints that are not given are read from its metadata (OpenID discovery or RFC 8414). */
export class Issuer {
  readonly url: string;
  readonly authority: string | undefined;
  readonly endpoints: Endpoints = {};

  constructor(url: string, options: IssuerOptions = {}) {
    https(url, 'the issuer');
    this.url = url;
    this.authority = options.authority;
    const given = [options.tokenEndpoint, options.authorizationEndpoint, options.deviceAuthorizationEndpoint];
    for (const [number, name] of ENDPOINTS.entries()) {
      const value = given[number];
      if (value !== undefined) this.endpoints[name] = https(value, `the issuer's ${name}`).href;
    }
  }
}

export type Authentication = 'client_secret_basic' | 'client_secret_post';

export interface PartyOptions {
  audience: string;
  scope?: string;
  authentication?: Authentication;
  /** More for the issuer, such as `resource` (RFC 8707) or `organization`; not taken as secret. */
  parameters?: Readonly<Record<string, string>>;
}

/** What both kinds of clients have. */
abstract class Party {
  readonly audience: string;
  readonly scope: string;
  readonly authentication: Authentication | 'none';
  readonly parameters: Readonly<Record<string, string>>;
  readonly secret: Secret | undefined;

  constructor(readonly issuer: Issuer, readonly clientId: string, secret: string | Secret | undefined,
    options: PartyOptions) {
    this.secret = secret === undefined ? undefined : Secret.of(secret);
    this.audience = options.audience;
    this.scope = options.scope ?? '';
    this.parameters = { ...options.parameters };
    const authentication = options.authentication ?? 'client_secret_basic';
    this.authentication = this.secret === undefined ? 'none' : authentication;
    if (this.secret !== undefined && !this.secret.isText()) {
      throw new ClientError('setting_invalid', 'the secret of the client is no text, or an empty one');
    }
    if (!clientId || !this.audience) throw new ClientError('setting_invalid', 'clientId and audience must be given');
    const reserved = RESERVED.find((name) => name in this.parameters);
    if (reserved !== undefined) {
      throw new ClientError('setting_invalid', `parameters must not have ${reserved}: the client sets it`);
    }
    if (!['client_secret_basic', 'client_secret_post'].includes(authentication)) {
      throw new ClientError('setting_invalid', 'authentication must be client_secret_basic or client_secret_post');
    }
  }
}

/** A service that asks in its own name (client credentials). Its secret belongs in no page and no app. */
export class Machine extends Party {
  constructor(issuer: Issuer, clientId: string, secret: string | Secret, options: PartyOptions) {
    super(issuer, clientId, Secret.of(secret), options);
  }
}

export interface ApplicationOptions extends PartyOptions {
  /** Most have none: what is given to people is no secret. */
  secret?: string | Secret | undefined;
}

/** A program in which people sign in. Ask for `offline_access` in `scope` where the issuer wants that for a refresh
 * token. */
export class Application extends Party {
  constructor(issuer: Issuer, clientId: string, options: ApplicationOptions) {
    super(issuer, clientId, options.secret, options);
  }
}
