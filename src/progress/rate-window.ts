import { RATE_SAMPLE_GAP_MS, RATE_WINDOW_MS } from '../limits.js';

interface Sample {
  readonly atMs: number;
  readonly numbers: number;
  readonly bytes: number;
}

interface Rates {
  readonly numbersPerS: number;
  readonly bytesPerS: number;
  /** How long ago the last job ended. */
  readonly idleMs: number;
}

/** Rates of the last seconds, from the running totals of a run. */
export class RateWindow {
  /** The first is the base: the newest sample that is older than the window, or the start. Never empty. */
  readonly #samples: Sample[];

  constructor(startMs: number) {
    this.#samples = [{ atMs: startMs, numbers: 0, bytes: 0 }];
  }

  /** Takes note that `numbers` and `bytes` are written in all at `atMs`. */
  add(atMs: number, numbers: number, bytes: number): void {
    const samples = this.#samples;
    const beforeLast = samples.at(-2);
    if (beforeLast !== undefined && atMs - beforeLast.atMs < RATE_SAMPLE_GAP_MS) samples.pop();
    samples.push({ atMs, numbers, bytes });
    while (samples.length > 2 && (samples[1]?.atMs ?? atMs) < atMs - RATE_WINDOW_MS) samples.shift();
  }

  /** The rates at `nowMs`; `undefined` while nothing has been done. */
  measure(nowMs: number): Rates | undefined {
    const base = this.#samples[0];
    const last = this.#samples.at(-1);
    if (base === undefined || last === undefined || last.numbers === base.numbers) return undefined;
    const idleMs = nowMs - last.atMs;
    // Between two jobs a rate stands still; a wait longer than all that was measured pulls it down.
    const spanS = Math.max(last.atMs - base.atMs, idleMs, 1) / 1000;
    return {
      numbersPerS: (last.numbers - base.numbers) / spanS,
      bytesPerS: (last.bytes - base.bytes) / spanS,
      idleMs,
    };
  }
}
