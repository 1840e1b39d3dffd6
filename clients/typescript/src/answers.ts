// SPDX-License-Identifier: Apache-2.0
// What an answer says: its error, its challenge (RFC 6750), when to come again (RFC 9110).
import type { Answer } from './transport.js';

const NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PART = `[\\s,]*(?:(${NAME})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+))|(${NAME})(?=[\\s,]|$))`;

/** The attributes of the first Bearer challenge. */
export function challenge(value: string): Record<string, string> {
  const part = new RegExp(PART, 'y');
  let found: Map<string, string> | undefined;
  for (let match = part.exec(value); match !== null; match = part.exec(value)) {
    const [, name, quoted, plain, scheme] = match;
    if (scheme !== undefined) {
      if (found !== undefined) break;
      found = scheme.toLowerCase() === 'bearer' ? new Map() : undefined;
    } else if (found !== undefined && !found.has(name!.toLowerCase())) {
      found.set(name!.toLowerCase(), quoted !== undefined ? quoted.replace(/\\(.)/g, '$1') : plain!);
    }
  }
  return Object.fromEntries(found ?? []);
}

/** The members of a JSON object; of anything else none. */
export function fieldsOf(answer: Answer): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.body));
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? { ...found } : {};
  } catch {
    return {};
  }
}

export interface Words {
  error: string;
  description: string;
  scope: string | undefined;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Error, description and scope by the body, or by the challenge where that has none. */
export function wordsOf(answer: Answer): Words {
  const body = fieldsOf(answer);
  const said = text(body['error']) ? body : challenge(answer.headers.get('www-authenticate') ?? '');
  return {
    error: text(said['error']) ?? '', description: text(said['error_description']) ?? '', scope: text(said['scope']),
  };
}

// Seconds. Who says more has said "not in your time", which is not the same as saying nothing.
const LONGEST = 1e9;
// The three forms of RFC 9110, 5.6.7. Date.parse() alone would read more, "5.5" as well, and what names no zone as the
// time of this place.
const DATE = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2}(?= (?:GMT|UTC|[-+]0000)$)/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

function date(value: string): number | undefined {
  const [text] = DATE.exec(value) ?? ASCTIME.exec(value) ?? [];
  const then = text === undefined ? NaN : Date.parse(`${text} GMT`);
  return Number.isNaN(then) ? undefined : then / 1000;
}

/** Seconds until it is worth trying again; undefined: it does not say, or nonsense. A date is compared with the
 * answer's own where it has one (a browser does not show it to a page): the two clocks may differ. */
export function retryAfter(answer: Answer, now: number): number | undefined {
  const value = (answer.headers.get('retry-after') ?? '').trim();
  if (/^[0-9]+$/.test(value)) return Math.min(LONGEST, Number(value));
  const then = date(value);
  if (then === undefined) return undefined;
  return Math.min(LONGEST, Math.max(0, then - (date(answer.headers.get('date') ?? '') ?? now)));
}
