// SPDX-License-Identifier: Apache-2.0
// What must not be seen: tokens, secrets, codes.

// RFC 6749, 2.3.1: what every issuer takes as it is stays so, since some do not decode.
const escape = (one: string): string => `%${one.charCodeAt(0).toString(16).toUpperCase()}`;

/** As it stands in a form. undefined: it is no text that UTF-8 could write. */
export function encoded(text: string): string | undefined {
  try {
    return encodeURIComponent(text).replace(/[!'()*]/g, escape).replace(/%20/g, '+');
  } catch {
    return undefined;
  }
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

  equals(other: Secret | undefined): boolean {
    return other !== undefined && other.#text === this.#text;
  }

  /** Whether it can be sent: a text of one character at least, none of which is half of one. */
  isText(): boolean {
    return typeof this.#text === 'string' && this.#text !== '' && encoded(this.#text) !== undefined;
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
  const forms = new Set<string>();
  for (const secret of secrets) {
    const plain = secret?.reveal() ?? '';
    const form = encoded(plain) ?? plain;
    for (const one of plain.length >= 4 ? [plain, form, form.replace(/\+/g, '%20')] : []) forms.add(one);
  }
  // The longest first: one can be a part of another, whose rest would stay.
  const longest = [...forms].sort((one, other) => other.length - one.length);
  for (const form of longest) text = text.replaceAll(form, '[hidden]');
  const shown = [...text.replace(LOOKS_LIKE_A_TOKEN, '[hidden]').replace(NOT_PRINTABLE, ' ')];
  return shown.length <= MOST ? shown.join('') : `${shown.slice(0, MOST).join('')}…`;
}
