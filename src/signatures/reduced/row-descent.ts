import { ROWS_KEPT_EVERY } from '../../limits.js';
import { isKept, keptRows, type RowPair } from './row-store.js';

const MAX_DIGIT = 9;

/** Part of a pair of rows: the entry of target t stands at index t − `low`. */
export interface RowWindow extends RowPair {
  readonly low: number;
}

/**
 * Reads rows from long strings to short ones, as a number's digits are gone through: one digit shorter, the target is
 * at most 9 lower. Rows that the store does not keep are derived from the kept one below, only as wide as this needs.
 */
export class RowDescent {
  readonly #target: number;
  #windows: RowWindow[] = [];
  #base = -1;

  /** `target` is the highest that will be asked for. */
  constructor(target: number) {
    this.#target = target;
  }

  /** The rows of `digits` digits, valid from target `high` − 9 (entries below 0 are absent) up to `high`. */
  at(digits: number, high: number): RowWindow {
    if (isKept(digits)) return { low: 0, ...keptRows(digits, this.#target) };
    const base = digits - (digits % ROWS_KEPT_EVERY);
    const known = base === this.#base ? this.#windows[digits - base] : undefined;
    if (known && covers(known, high)) return known;
    this.#base = base;
    this.#windows = deriveWindows(base, keptRows(base, this.#target), digits, high);
    return this.#windows[digits - base]!;
  }
}

function covers({ low, sums }: RowWindow, high: number): boolean {
  return high < low + sums.length && low <= Math.max(0, high - MAX_DIGIT);
}

/** The windows of `base` to `digits` digits, each 9 wider than the next longer one's. */
function deriveWindows(base: number, rows: RowPair, digits: number, high: number): RowWindow[] {
  const lowOf = (k: number): number => Math.max(0, high - MAX_DIGIT * (digits - k + 1));
  const first = lowOf(base);
  const windows: RowWindow[] = [
    { low: first, sums: rows.sums.slice(first, high + 1), tails: rows.tails.slice(first, high + 1) },
  ];
  for (let k = base + 1; k <= digits; k++) windows.push(extendWindow(windows.at(-1)!, lowOf(k), high));
  return windows;
}

function extendWindow(shorter: RowWindow, low: number, high: number): RowWindow {
  const next: { low: number; sums: bigint[]; tails: bigint[] } = { low, sums: [], tails: [] };
  const sumAt = (t: number): bigint => shorter.sums[t - shorter.low] ?? 0n;
  let window = 0n;
  for (let t = low - MAX_DIGIT; t < low; t++) window += sumAt(t);
  for (let t = low; t <= high; t++) {
    next.sums.push(window + sumAt(t));
    next.tails.push(window + (shorter.tails[t - 1 - shorter.low] ?? 0n));
    window += sumAt(t) - sumAt(t - MAX_DIGIT);
  }
  return next;
}
