import { listFans, type Fan } from './fans.js';

/**
 * The two sets of prefixes m = ⌊n/100⌋ ≥ 1 that the reduced signature is made of. `plain` takes m at its digit sum
 * D(m); `tailed` at D(m) + Z(m), Z being the number of zeros at the end of m.
 */
export type PrefixSet = 'plain' | 'tailed';

/** `[set][t]`: the prefix at target t of a set; nothing where there is none. */
export type PrefixesByTarget = Readonly<Record<PrefixSet, readonly (bigint | undefined)[]>>;

/** The prefix of a fan that is the extreme one at `fan.sum + rest` in a set; nothing where there is none. */
type PickPrefix = (fan: Fan, rest: number) => bigint | undefined;

/** The smallest prefix 1 ≤ `from` ≤ m < `below` at each target. */
export function findFirstPrefixes(from: bigint, below: bigint): PrefixesByTarget {
  const fans = listFans(from, below);
  return { plain: collect(fans, pickSmallestPlain), tailed: collect(fans, pickSmallestTailed) };
}

/** The largest prefix 1 ≤ `from` ≤ m < `below` at each target. */
export function findLastPrefixes(from: bigint, below: bigint): PrefixesByTarget {
  const fans = listFans(from, below).reverse();
  return { plain: collect(fans, pickLargestPlain), tailed: collect(fans, pickLargestTailed) };
}

/** What `pick` finds at each target in the first fan where it finds something. */
function collect(fans: readonly Fan[], pick: PickPrefix): (bigint | undefined)[] {
  const found: (bigint | undefined)[] = [];
  const offer = (fan: Fan, rest: number): void => {
    const target = fan.sum + rest;
    while (found.length <= target) found.push(undefined);
    found[target] ??= pick(fan, rest);
  };
  for (const fan of fans) {
    for (let rest = fan.from; rest <= fan.to + 9 * fan.free; rest++) offer(fan, rest);
    // Zeros alone behind the shared digits lengthen their tail: the one target that may lie beyond the others.
    if (fan.from === 0) offer(fan, fan.tail + 1 + fan.free);
  }
  return found;
}

function pickSmallestPlain(fan: Fan, rest: number): bigint | undefined {
  const digit = Math.max(fan.from, rest - 9 * fan.free);
  return digit <= Math.min(fan.to, rest) ? join(fan, digit, fillSmallest(rest - digit)) : undefined;
}

function pickLargestPlain(fan: Fan, rest: number): bigint | undefined {
  const digit = Math.min(fan.to, rest);
  const isFound = digit >= Math.max(fan.from, rest - 9 * fan.free);
  return isFound ? join(fan, digit, fillLargest(fan.free, rest - digit)) : undefined;
}

function pickSmallestTailed(fan: Fan, rest: number): bigint | undefined {
  const zeros = listDigitsBeforeZeros(fan, rest)[0];
  const digit = Math.max(fan.from, rest - 9 * fan.free);
  const isFound = digit <= Math.min(fan.to, rest - 1);
  if (zeros !== undefined && (!isFound || zeros <= digit)) return join(fan, zeros, 0n);
  return isFound ? join(fan, digit, fillSmallest(rest - digit)) : undefined;
}

function pickLargestTailed(fan: Fan, rest: number): bigint | undefined {
  const zeros = listDigitsBeforeZeros(fan, rest).at(-1);
  const digit = Math.min(fan.to, rest - 1);
  const isFound = digit >= Math.max(fan.from, rest - 9 * fan.free);
  if (zeros !== undefined && (!isFound || zeros > digit)) return join(fan, zeros, 0n);
  if (!isFound) return undefined;
  // The last digit is above 0, so that there is no tail, and as small as the others can bear.
  const last = Math.max(1, rest - digit - 9 * (fan.free - 1));
  return join(fan, digit, fillLargest(fan.free - 1, rest - digit - last) * 10n + BigInt(last));
}

/** The digits, ascending, that with nothing but zeros behind them are at `fan.sum + rest` in the set `tailed`. */
function listDigitsBeforeZeros({ tail, from, to, free }: Fan, rest: number): number[] {
  const digits = from === 0 && rest === tail + 1 + free ? [0] : [];
  const digit = rest - free;
  return digit >= Math.max(from, 1) && digit <= to ? [...digits, digit] : digits;
}

/** The smallest number with this digit sum: as many nines as can be at its end. */
function fillSmallest(sum: number): bigint {
  return BigInt((sum % 9) + 1) * powerOfTen(Math.floor(sum / 9)) - 1n;
}

/** The largest number of `k` digits with this digit sum, at most 9k: as many nines as can be in front. */
function fillLargest(k: number, sum: number): bigint {
  const rest = k - Math.floor(sum / 9);
  const nines = powerOfTen(k) - powerOfTen(rest);
  return rest > 0 ? nines + BigInt(sum % 9) * powerOfTen(rest - 1) : nines;
}

/** The member of `fan` with this digit and these free ones. */
function join({ digits, at, free }: Fan, digit: number, freeDigits: bigint): bigint {
  const head = BigInt(digits.slice(0, at)) * 10n + BigInt(digit);
  return head * powerOfTen(free) + freeDigits;
}

const powers = [1n];

function powerOfTen(exponent: number): bigint {
  while (powers.length <= exponent) powers.push((powers.at(-1) ?? 1n) * 10n);
  return powers[exponent]!;
}
