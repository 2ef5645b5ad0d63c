/**
 * The two sets of prefixes m = ⌊n/100⌋ ≥ 1 that the reduced signature is made of. `plain` takes m at its digit sum
 * D(m); `tailed` at D(m) + Z(m), Z being the number of zeros at the end of m.
 */
export type PrefixSet = 'plain' | 'tailed';

/** Some digits of a number from the highest on, as far as the two sets care. */
interface Head {
  readonly sum: number;
  readonly tailZeros: number;
}

const NO_DIGITS: Head = { sum: 0, tailZeros: 0 };

/** `head` with one more digit behind it. Zeros in front of the first other digit are no tail. */
function extend(head: Head, digit: number): Head {
  if (digit > 0) return { sum: head.sum + digit, tailZeros: 0 };
  return { sum: head.sum, tailZeros: head.sum > 0 ? head.tailZeros + 1 : 0 };
}

/** The digits of `m`, the highest first, with zeros in front up to `length`. */
function digitsOf(m: bigint, length: number): number[] {
  return Array.from(m.toString().padStart(length, '0'), Number);
}

/** `k` digits with digit sum `sum` (0 ≤ sum ≤ 9k), as small as can be: the nines stand at the end. */
function fillFromEnd(k: number, sum: number): number[] {
  const digits = new Array<number>(k).fill(0);
  for (let i = k - 1, left = sum; left > 0; i--, left -= 9) digits[i] = Math.min(9, left);
  return digits;
}

/** Whether k free digits, not all zeros in the set `tailed`, can bring `head` to `target`. */
function canFill(set: PrefixSet, head: Head, k: number, target: number): boolean {
  const sum = target - head.sum;
  return sum <= 9 * k && (set === 'plain' ? sum >= 0 : sum > 0);
}

/** Whether k zeros bring `head` to `target` in the set `tailed`. */
function zerosFill(set: PrefixSet, head: Head, k: number, target: number): boolean {
  return set === 'tailed' && head.sum > 0 && head.sum + head.tailZeros + k === target;
}

/** The smallest k digits that bring `head` to `target`; nothing where none do. */
function fillSmallest(set: PrefixSet, head: Head, k: number, target: number): number[] | undefined {
  if (zerosFill(set, head, k, target)) return fillFromEnd(k, 0);
  return canFill(set, head, k, target) ? fillFromEnd(k, target - head.sum) : undefined;
}

/** The largest k digits that bring `head` to `target`; nothing where none do. */
function fillLargest(set: PrefixSet, head: Head, k: number, target: number): number[] | undefined {
  if (canFill(set, head, k, target)) {
    const sum = target - head.sum;
    if (set === 'plain') return fillFromEnd(k, sum).reverse();
    // The last digit is above 0, so that there is no tail, and as small as the others can bear.
    const last = Math.max(1, sum - 9 * (k - 1));
    return [...fillFromEnd(k - 1, sum - last).reverse(), last];
  }
  return zerosFill(set, head, k, target) ? fillFromEnd(k, 0) : undefined;
}

/** `heads[i]`: the first i digits. */
function headsOf(digits: readonly number[]): Head[] {
  const heads = [NO_DIGITS];
  for (const digit of digits) heads.push(extend(heads.at(-1) ?? NO_DIGITS, digit));
  return heads;
}

function toNumber(...parts: readonly number[][]): bigint {
  return BigInt(parts.flat().join(''));
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** The smallest m with `from` ≤ m < `below` at `target` in `set`, for `from` ≥ 1; nothing where there is none. */
export function nextPrefix(set: PrefixSet, target: number, from: bigint, below: bigint): bigint | undefined {
  if (from >= below) return undefined;
  const limit = digitsOf(below, 0);
  const digits = digitsOf(from, limit.length);
  const heads = headsOf(digits);
  if (fillSmallest(set, heads.at(-1) ?? NO_DIGITS, 0, target)) return from;
  const fixed = commonLength(digits, limit);
  for (let i = digits.length - 1; i >= fixed; i--) {
    for (let digit = (digits[i] ?? 0) + 1; digit <= 9; digit++) {
      const rest = fillSmallest(set, extend(heads[i] ?? NO_DIGITS, digit), digits.length - 1 - i, target);
      if (!rest) continue;
      const found = toNumber(digits.slice(0, i), [digit], rest);
      return found < below ? found : undefined;
    }
  }
  return undefined;
}

/** The largest m with `from` ≤ m < `below` at `target` in `set`, for `from` ≥ 1; nothing where there is none. */
export function previousPrefix(
  set: PrefixSet,
  target: number,
  from: bigint,
  below: bigint,
): bigint | undefined {
  if (from >= below) return undefined;
  const digits = digitsOf(below, 0);
  const heads = headsOf(digits);
  const fixed = commonLength(digitsOf(from, digits.length), digits);
  for (let i = digits.length - 1; i >= fixed; i--) {
    for (let digit = (digits[i] ?? 0) - 1; digit >= 0; digit--) {
      const rest = fillLargest(set, extend(heads[i] ?? NO_DIGITS, digit), digits.length - 1 - i, target);
      if (!rest) continue;
      const found = toNumber(digits.slice(0, i), [digit], rest);
      return found >= from ? found : undefined;
    }
  }
  return undefined;
}
