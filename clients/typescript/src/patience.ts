// SPDX-License-Identifier: Apache-2.0
// How long and how often one waits.
import { ClientError } from './errors.js';

/** Of one call: so many repetitions, so many seconds in all, and so many for one answer. */
export interface Limits {
  readonly repetitions: number;
  readonly seconds: number;
  readonly answer: number;
}

export const LIMITS: Limits = { repetitions: 4, seconds: 60, answer: 20 };

/** With what was not given. A limit that is no number would be none. */
export function limitsOf(given: Partial<Limits> = {}): Limits {
  const limits = { ...LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (!(typeof value === 'number' && value >= 0)) {
      throw new ClientError('setting_invalid', `limits: ${name} must be a number from 0 on`);
    }
  }
  return limits;
}

// Seconds that an answer is given at least: with fewer a request might have its effect, and nobody would know.
const LEAST = 1;

/** Seconds of a clock that nobody sets. */
export const monotonic = (): number => performance.now() / 1000;

/** What is left of it. `chance` gives numbers from 0 to 1. */
export class Patience {
  readonly #begin: number;
  #repetitions = 0;

  constructor(readonly limits: Limits, readonly clock = monotonic, readonly chance: () => number = Math.random) {
    this.#begin = clock();
  }

  left(): number {
    return Math.max(0, this.#begin + this.limits.seconds - this.clock());
  }

  least(): number {
    return Math.min(LEAST, this.limits.answer, this.limits.seconds / 2);
  }

  /** Whether another request is worth beginning. */
  hasTime(): boolean {
    return this.left() >= this.least();
  }

  /** Seconds for the next answer. */
  answer(): number {
    return Math.max(this.least(), Math.min(this.limits.answer, this.left()));
  }

  /** Seconds to wait before the next try: never less than it was told, and by chance up to a quarter and 0.1 s more, so
   * that many clients do not come at once. undefined: that is too often or too long. */
  pause(told: number | undefined): number | undefined {
    if (this.#repetitions >= this.limits.repetitions) return undefined;
    const least = told ?? Math.min(8, 2 ** this.#repetitions);
    const seconds = least + (least / 4 + 0.1) * this.chance();
    if (seconds + this.least() > this.left()) return undefined;
    this.#repetitions += 1;
    return seconds;
  }
}
