/**
 * How many strings of k free digits have a given digit sum, and a given sum of digits plus zeros at the end.
 * Row k of the first is the coefficients of (1 + x + … + x^9)^k. Rows are made when first asked for and kept.
 */

const BASE = 10;
const MAX_DIGIT = 9;

const sumRows: bigint[][] = [[1n]];
const tailRows: bigint[][] = [[]];

/** `row[t]`: how many strings of `digits` digits (all zeros included) have digit sum t; length 9·digits + 1. */
export function digitSumRow(digits: number): readonly bigint[] {
  for (let k = sumRows.length; k <= digits; k++) sumRows.push(nextSumRow(rowAt(sumRows, k - 1)));
  return rowAt(sumRows, digits);
}

/**
 * `row[t]`: how many strings of `digits` digits, not all zeros, have digit sum plus number of zeros at the end t;
 * length 9·digits + 1.
 */
export function zeroTailRow(digits: number): readonly bigint[] {
  for (let k = tailRows.length; k <= digits; k++)
    tailRows.push(nextTailRow(rowAt(tailRows, k - 1), digitSumRow(k - 1)));
  return rowAt(tailRows, digits);
}

function rowAt(rows: bigint[][], index: number): bigint[] {
  const row = rows[index];
  if (!row) throw new RangeError(`no row for ${index} digits`);
  return row;
}

/** Multiplies by 1 + x + … + x^9 with a sliding window: one addition and one subtraction per coefficient. */
function nextSumRow(row: readonly bigint[]): bigint[] {
  const next: bigint[] = [];
  let window = 0n;
  for (let t = 0; t < row.length + MAX_DIGIT; t++) {
    window += (row[t] ?? 0n) - (row[t - BASE] ?? 0n);
    next.push(window);
  }
  return next;
}

/** A last digit 1 to 9 ends the zeros (any string before it); a last digit 0 lengthens the tail by one. */
function nextTailRow(tail: readonly bigint[], sums: readonly bigint[]): bigint[] {
  const next: bigint[] = [];
  let window = 0n;
  for (let t = 0; t < sums.length + MAX_DIGIT; t++) {
    next.push(window + (tail[t - 1] ?? 0n));
    window += (sums[t] ?? 0n) - (sums[t - MAX_DIGIT] ?? 0n);
  }
  return next;
}
