// SPDX-License-Identifier: Apache-2.0
// What goes wrong, and what to do about it: clients/hints.json, which the client in Python reads as well.
import { table } from './hints.js';

export type Source = keyof typeof table;

/** Whether these are the words of the device's gate, which answers before any endpoint has begun. */
export function isGates(status: number | undefined, error: string, description: string): boolean {
  return table.device.some((row) => row.description !== null && row.status === status && row.error === error &&
    row.description === description);
}

/** What to do: the row of error and description, else that of the error alone, else that of what nobody knows. */
export function hintOf(source: Source, error: string, description = ''): string {
  const rows = table[source].filter((row) => row.error === error);
  const row = rows.find((one) => one.description === description) ?? rows.find((one) => one.description === null);
  if (row !== undefined) return row.hint;
  return source === 'client' && error === 'unknown' ? '' : hintOf('client', 'unknown');
}

export interface Details {
  status?: number | undefined;
  scope?: string | undefined;
  retryAfter?: number | undefined;
}

/** `error` is a name to compare with, `description` and `hint` are for people: what it is, and what to do. No field has
 * a token or a secret, and there is no `cause`: others' errors can hold the answer in which a token came. */
export class WardError extends Error {
  readonly error: string;
  readonly description: string;
  /** What to do. */
  readonly hint: string;
  /** The answer's, where there was one. */
  readonly status: number | undefined;
  /** What a 403 asks for. */
  readonly scope: string | undefined;
  /** Seconds to wait, where they are known. */
  readonly retryAfter: number | undefined;

  constructor(source: Source, error: string, description = '', { status, scope, retryAfter }: Details = {}) {
    const hint = hintOf(source, error, description);
    const head = status === undefined ? error : `${status} ${error}`;
    const said = (description ? `${head}: ${description}` : head) + (scope ? ` (scope: ${scope})` : '');
    super(hint ? `${said}. ${hint}` : said);
    this.name = new.target.name;
    this.error = error;
    this.description = description;
    this.hint = hint;
    this.status = status;
    this.scope = scope;
    this.retryAfter = retryAfter;
  }
}

/** The device has answered, and not with what was asked for. */
export class DeviceError extends WardError {
  constructor(error: string, description = '', details: Details = {}) {
    super('device', error, description, details);
  }
}

/** The issuer gives no token. */
export class IssuerError extends WardError {
  constructor(error: string, description = '', details: Details = {}) {
    super('issuer', error, description, details);
  }
}

/** Nobody's answer: a setting, the network, or an answer that is none. */
export class ClientError extends WardError {
  constructor(error: string, description = '', details: Details = {}) {
    super('client', error, description, details);
  }
}
