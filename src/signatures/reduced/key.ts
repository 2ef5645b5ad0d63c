const ZERO = 48; // "0" in ASCII

/** The signature of `n` by the closed form. Throws a RangeError below 10. */
export function keyOf(n: bigint): string {
  return keyOfDecimal(n.toString());
}

/** The signature of a number in decimal without leading zeros, in linear time. Throws a RangeError below 10. */
export function keyOfDecimal(digits: string): string {
  if (!/^[1-9]\d+$/.test(digits)) throw new RangeError(`no whole number from 10 on: ${digits.slice(0, 40)}`);
  const bytes = new Uint8Array(digits.length); // no Buffer: this runs in the page of the report, too
  let digitSum = 0;
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = digits.charCodeAt(at);
    digitSum += byteAt(bytes, at) - ZERO;
  }
  return String(packKey(bytes, 0, bytes.length, digitSum)).padStart(4, '0');
}

/**
 * The closed form: the key as a number, steps * 100 + last, to be written with at least four digits.
 * The number's ASCII digits are `bytes` from `start` to before `end`, at least two, the first not 0; `digitSum` is their sum.
 */
export function packKey(bytes: Uint8Array, start: number, end: number, digitSum: number): number {
  const tens = byteAt(bytes, end - 2) - ZERO;
  const ones = byteAt(bytes, end - 1) - ZERO;
  const rest = tens * 10 + ones;
  if (end - start === 2) return 200 + (rest === 10 ? 10 : Math.max(rest - 10, 11));
  const steps = 1 + digitSum - tens - ones + (rest <= 10 ? countTrailingZeros(bytes, end - 2) : 0);
  return steps * 100 + reduceRest(rest);
}

/** See `Signature.createMatcher`. */
export function createMatcher(key: string): (bytes: Uint8Array, start: number, end: number) => boolean {
  const packed = Number(key);
  if (String(packed).padStart(4, '0') !== key) return () => false;
  return (bytes, start, end) => {
    let digitSum = 0;
    for (let at = start; at < end; at += 1) digitSum += bytes[at]! - ZERO;
    return packKey(bytes, start, end, digitSum) === packed;
  };
}

function reduceRest(rest: number): number {
  if (rest >= 11) return rest;
  return rest === 0 ? 20 : rest + 10;
}

/** Ends at the number's first digit, which is never 0. */
function countTrailingZeros(bytes: Uint8Array, end: number): number {
  let at = end;
  while (bytes[at - 1] === ZERO) at -= 1;
  return end - at;
}

/** `at` is inside `bytes` by the callers' invariants. */
function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at]!;
}
