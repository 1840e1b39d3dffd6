// SPDX-License-Identifier: Apache-2.0
// What must not be seen: tokens, secrets, codes.

// A surrogate without its other half.
const HALF = /[\ud800-\udfff]/u;

/** How a form has it (RFC 6749, appendix B); what every issuer takes as it is stays so, since some do not decode. */
export function encoded(text: string): string {
  const escape = (one: string): string => `%${one.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, escape).replace(/%20/g, '+');
}

/** A text that is shown by reveal() alone: not by a template, JSON, Node's inspect, a structured clone. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  static of(text: string | Secret): Secret {
    return text instanceof Secret ? text : new Secret(text);
  }

  reveal(): string {
    return this.#text;
  }

  /** Whether it can be sent: a text of one character at least, none of which is half of one. */
  isText(): boolean {
    return typeof this.#text === 'string' && this.#text !== '' && !HALF.test(this.#text);
  }

  equals(other: Secret | undefined): boolean {
    return other !== undefined && other.#text === this.#text;
  }

  toString(): string {
    return 'Secret(hidden)';
  }

  toJSON(): string {
    return 'Secret(hidden)';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'Secret(hidden)';
  }
}

// A JWT, also a cut one, and whatever else starts as its header does.
const LOOKS_LIKE_A_TOKEN = /eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*/g;
const NOT_PRINTABLE = /(?! )[\p{C}\p{Z}]/gu;
const MOST = 300;

/** A text that others wrote, to be shown: without these secrets, without control characters, of bounded length. */
export function scrub(text: string, secrets: Iterable<Secret | undefined> = []): string {
  const known = [...secrets].map((secret) => secret?.reveal() ?? '').filter((plain) => plain.length >= 4);
  const forms = known.flatMap((plain) => [plain, encoded(plain), encodeURIComponent(plain)]);
  // The longest first: one may be a part of another.
  for (const form of forms.sort((one, other) => other.length - one.length)) text = text.replaceAll(form, '[hidden]');
  const shown = [...text.replace(LOOKS_LIKE_A_TOKEN, '[hidden]').replace(NOT_PRINTABLE, ' ')];
  return shown.length <= MOST ? shown.join('') : `${shown.slice(0, MOST).join('')}…`;
}
