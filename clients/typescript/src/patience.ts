// SPDX-License-Identifier: Apache-2.0
// How long and how often one waits.

/** Of one call: so many repetitions, so many seconds in all, and so many for one answer. */
export interface Limits {
  readonly repetitions: number;
  readonly seconds: number;
  readonly answer: number;
}

export const LIMITS: Limits = { repetitions: 4, seconds: 60, answer: 20 };

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

  /** Seconds for the next answer. */
  answer(): number {
    return Math.max(0.1, Math.min(this.limits.answer, this.left()));
  }

  /** Seconds to wait before the next try: never less than it was told, and by chance up to a quarter and 0.1 s more, so
   * that many clients do not come at once. undefined: that is too often or too long. */
  pause(told: number | undefined): number | undefined {
    if (this.#repetitions >= this.limits.repetitions) return undefined;
    const least = told ?? Math.min(8, 2 ** this.#repetitions);
    const seconds = least + (least / 4 + 0.1) * this.chance();
    if (seconds > this.left()) return undefined;
    this.#repetitions += 1;
    return seconds;
  }
}
