/** A whole number as the library takes and gives it: a number up to 2^53 − 1, a bigint above (taken below, too). */
export type WholeNumber = number | bigint;

/** `n` as a number where that is exact, up to 2^53 − 1. */
export function toWholeNumber(n: bigint): WholeNumber {
  return n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n;
}

/** The exact value of an argument. Throws a RangeError for a fraction, and for a number above 2^53 − 1, which may be rounded. */
export function toBigint(n: WholeNumber): bigint {
  if (typeof n === 'bigint') return n;
  if (!Number.isSafeInteger(n))
    throw new RangeError(`${n} is not exact: give a whole number, above 2^53 - 1 as a bigint`);
  return BigInt(n);
}
