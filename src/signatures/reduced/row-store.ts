import { ROWS_KEPT_DIGITS, ROWS_KEPT_EVERY } from '../../limits.js';

/**
 * How many strings of k digits, zeros in front included, stand at a target t: `sums[t]` by digit sum, `tails[t]` by
 * digit sum plus zeros at the end, the string of zeros left out. Rows end at the same target.
 */
export interface RowPair {
  readonly sums: readonly bigint[];
  readonly tails: readonly bigint[];
}

/** Rows of up to so many digits are plain numbers: strings of one digit more and their counts stay below 2^53. */
export const NUMBER_DIGITS = 14;

/** The highest target of a string of k digits is 9k. */
const MAX_DIGIT = 9;
const BASE = 10;
/** A first store is small: most keys that are asked for have a target below it. */
const INITIAL_TARGETS = 256;

let targets = INITIAL_TARGETS;
let kept = new Map<number, RowPair>();
let newest = { digits: 0, rows: makeEmptyRows() };
let numberRows: readonly NumberRows[] | undefined;

export interface NumberRows {
  readonly sums: readonly number[];
  readonly tails: readonly number[];
}

/** The rows of up to NUMBER_DIGITS digits as numbers, all targets. */
export function rowsAsNumbers(): readonly NumberRows[] {
  numberRows ??= listNumberRows();
  return numberRows;
}

/** Whether the store keeps the rows of `digits` digits: all small ones, then some, from which others are derived. */
export function isKept(digits: number): boolean {
  return digits <= ROWS_KEPT_DIGITS || digits % ROWS_KEPT_EVERY === 0;
}

/** The least number of digits from `digits` on whose rows are kept. */
export function nextKept(digits: number): number {
  return isKept(digits) ? digits : digits + ROWS_KEPT_EVERY - (digits % ROWS_KEPT_EVERY);
}

/** The rows of `digits` digits, that must be kept ones, up to `target` at least (absent entries are 0). */
export function keptRows(digits: number, target: number): RowPair {
  if (target >= targets) {
    targets = Math.max(2 * targets, target + 1);
    kept = new Map();
    newest = { digits: 0, rows: makeEmptyRows() };
  }
  if (kept.size === 0) kept.set(0, newest.rows);
  while (newest.digits < digits) {
    newest = { digits: newest.digits + 1, rows: nextRows(newest.rows, targets) };
    if (isKept(newest.digits)) kept.set(newest.digits, newest.rows);
  }
  const rows = kept.get(digits);
  if (!rows) throw new RangeError(`rows of ${digits} digits are not kept`);
  return rows;
}

/** The string of no digits: it stands at sum 0, and is one of zeros alone. */
function makeEmptyRows(): RowPair {
  return { sums: [1n], tails: [] };
}

/**
 * One more digit at the end: 1 to 9 on any string ends the zeros, so both sets get `window`; a 0 keeps the sum, and
 * lengthens the tail by one.
 */
function nextRows({ sums, tails }: RowPair, below: number): RowPair {
  const next: { sums: bigint[]; tails: bigint[] } = { sums: [], tails: [] };
  const end = Math.min(sums.length + MAX_DIGIT, below);
  let window = 0n;
  for (let t = 0; t < end; t++) {
    const same = sums[t] ?? 0n;
    next.sums.push(window + same);
    next.tails.push(window + (tails[t - 1] ?? 0n));
    // `window` is the sum of sums[t - 8 .. t], the one that the next target looks back on.
    window += same - (sums[t - MAX_DIGIT] ?? 0n);
  }
  return next;
}

function listNumberRows(): NumberRows[] {
  const rows: NumberRows[] = [];
  let pair = makeEmptyRows();
  for (let digits = 0; digits <= NUMBER_DIGITS; digits++) {
    rows.push({ sums: pair.sums.map(Number), tails: pair.tails.map(Number) });
    pair = nextRows(pair, BASE * NUMBER_DIGITS);
  }
  return rows;
}
