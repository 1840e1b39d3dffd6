// SPDX-License-Identifier: Apache-2.0
import type { Party, Token } from './grants.js';
import { Keeper } from './keeper.js';
import { type Limits, limitsOf } from './patience.js';
import type { Secret } from './secret.js';
import { type Redirected, type SignIn, type UserCode, begin, byCode, finish } from './sign_in.js';

export interface TokensOptions {
  /** One that was kept. */
  refreshToken?: string | Secret | undefined;
  /** Is called with each new one, which replaces the one before. */
  onRefreshToken?: ((token: string) => unknown) | undefined;
  limits?: Partial<Limits>;
}

/** The tokens of one party, for any number of devices. */
export class Tokens {
  readonly #keeper: Keeper;

  constructor(party: Party, options: TokensOptions = {}) {
    this.#keeper = new Keeper(party, options.refreshToken, options.onRefreshToken, limitsOf(options.limits));
  }

  /** For this package: what it knows. */
  static keeperOf(tokens: Tokens): Keeper {
    return tokens.#keeper;
  }

  /** A token that is good for a minute at least, or one that was just asked for. */
  get(): Promise<Token> {
    return this.#keeper.current();
  }

  /** Where to send the browser. */
  beginSignIn(redirectUri: string): Promise<SignIn> {
    return begin(this.#keeper, redirectUri);
  }

  /** With the URL to which the browser has come back, or its parameters. */
  finishSignIn(begun: SignIn, redirected: Redirected): Promise<Token> {
    return finish(this.#keeper, begun, redirected);
  }

  /** In a browser anywhere: `show` tells a person which page to open and what to enter there. */
  signInByCode(show: (code: UserCode) => unknown): Promise<Token> {
    return byCode(this.#keeper, show);
  }

  /** Forgets both tokens here. The issuer is not told. */
  signOut(): void {
    this.#keeper.signOut();
  }

  close(): void {
    this.#keeper.transport.close();
  }
}
