/**
 * A fan: the prefixes m = ⌊n/100⌋ that share their first digits, then have one of several digits, then free ones.
 * Every interval of prefixes is two fans per digit at most, and of a fan all that matters is known without looking inside.
 */
export interface Fan {
  /** The shared digits are the first `at` of these; zeros may stand in front of them. */
  readonly digits: string;
  readonly at: number;
  /** The digit sum of the shared digits. It is 0 where there are none; then `from` is at least 1. */
  readonly sum: number;
  /** The number of zeros at the end of the shared digits, where `from` is 0. */
  readonly tail: number;
  /** The digit behind the shared ones, smallest and largest. */
  readonly from: number;
  readonly to: number;
  /** How many free digits follow. */
  readonly free: number;
  /** How many digits these prefixes have in decimal. */
  readonly width: number;
}

const ZERO = 48; // "0" in ASCII

/** The fans that make up the prefixes 1 ≤ `from` ≤ m < `below`, ascending. */
export function listFans(from: bigint, below: bigint): Fan[] {
  if (from >= below) return [];
  const upper = below.toString();
  const bare = from.toString();
  const lower = bare.padStart(upper.length, '0');
  const split = findSplit(lower, upper);
  const start = Math.max(split, findLastNonZero(lower));
  const fans: Fan[] = [];
  let sum = sumDigits(lower, start);
  for (let at = start; at > split; at--) {
    // Up to a digit followed by zeros only, `from` itself begins the fan; further up it lies below the next digit.
    addFan(fans, lower, bare.length, at, sum, digitAt(lower, at) + (at === start ? 0 : 1), 9);
    sum -= digitAt(lower, at - 1);
  }
  const first = digitAt(lower, split) + (split === start ? 0 : 1);
  addFan(fans, lower, bare.length, split, sum, first, digitAt(upper, split) - 1);
  for (let at = split + 1; at < upper.length; at++) {
    sum += digitAt(upper, at - 1);
    addFan(fans, upper, upper.length, at, sum, 0, digitAt(upper, at) - 1);
  }
  return fans;
}

function addFan(
  fans: Fan[],
  digits: string,
  length: number,
  at: number,
  sum: number,
  from: number,
  to: number,
): void {
  if (from > to) return;
  const free = digits.length - 1 - at;
  const tail = from === 0 ? at - 1 - findLastNonZero(digits, at - 1) : 0;
  fans.push({ digits, at, sum, tail, from, to, free, width: sum === 0 ? free + 1 : length });
}

/** The number of digits that both begin with; they are of the same length and not equal. */
function findSplit(a: string, b: string): number {
  let at = 0;
  while (a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

function findLastNonZero(digits: string, before = digits.length - 1): number {
  let at = before;
  while (digits.charCodeAt(at) === ZERO) at--;
  return at;
}

function sumDigits(digits: string, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += digitAt(digits, i);
  return sum;
}

function digitAt(digits: string, at: number): number {
  return digits.charCodeAt(at) - ZERO;
}
