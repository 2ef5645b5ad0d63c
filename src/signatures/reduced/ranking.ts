import { MAX_EXPRESSION_DIGITS } from '../../limits.js';
import { formOf, type BucketForm } from './bucket-form.js';
import { RowDescent } from './row-descent.js';
import { nextKept, NUMBER_DIGITS, rowsAsNumbers } from './row-store.js';

const ZERO = 48; // "0" in ASCII
/** The numbers from here on have a prefix, all but their last two digits, and a residue. */
const PREFIXED = 100n;
const MAX_PREFIX_DIGITS = MAX_EXPRESSION_DIGITS - 2;

/** The leading digits of prefixes: their sum, the zeros at their end, and whether there are any but zeros. */
interface Head {
  readonly sum: number;
  readonly tailZeros: number;
}

const NO_DIGITS: Head = { sum: 0, tailZeros: 0 };

function extend({ sum, tailZeros }: Head, digit: number): Head {
  if (digit > 0) return { sum: sum + digit, tailZeros: 0 };
  return { sum, tailZeros: sum > 0 ? tailZeros + 1 : 0 };
}

/** See `ClosedForm.rank`: for each digit of `n`'s prefix, the prefixes that are smaller there and free behind it. */
export function rank(key: string, n: bigint): bigint {
  const form = formOf(key);
  const bare = form.bare.reduce((count, member) => count + (BigInt(member) < n ? 1 : 0), 0);
  if (n <= PREFIXED || form.residues.length === 0) return BigInt(bare);
  const prefix = (n / PREFIXED).toString();
  if (form.target > 10 * prefix.length) return BigInt(bare);
  const { count, head } = countBelow(form, prefix);
  const residue = Number(n % PREFIXED);
  const own = form.residues.filter(({ value, set }) => value < residue && isAt(form, head, set === 'tailed'));
  return count + BigInt(bare + own.length);
}

/**
 * See `ClosedForm.select`. A RangeError also where the bucket has no such member, or one of more than
 * MAX_EXPRESSION_DIGITS digits.
 */
export function select(key: string, index: bigint): bigint {
  if (index < 0n) throw new RangeError(`an index is 0 or more, not ${index}`);
  const form = formOf(key);
  const bare = index < form.bare.length ? form.bare[Number(index)] : undefined;
  if (bare !== undefined) return BigInt(bare);
  const left = index - BigInt(form.bare.length);
  if (form.residues.length === 0 || form.target > 9 * MAX_PREFIX_DIGITS) throw noMember(key, index);
  const rows = new RowDescent(form.target);
  const length = findLength(form, rows, left);
  if (length === undefined) throw noMember(key, index);
  return descend(form, rows, length, left);
}

function noMember(key: string, index: bigint): RangeError {
  return new RangeError(
    `the bucket ${key.slice(0, 40)} has no member ${index} within ${MAX_EXPRESSION_DIGITS} digits`,
  );
}

/** Members whose prefix is below `prefix`, in decimal, and the head that all of its digits make. */
function countBelow(form: BucketForm, prefix: string): { count: bigint; head: Head } {
  const rows = new RowDescent(form.target);
  let count = 0n;
  let small = 0; // what short rows add, below 2^53 in all
  let head = NO_DIGITS;
  for (let i = 0; i < prefix.length; i++) {
    const free = prefix.length - 1 - i;
    const digit = prefix.charCodeAt(i) - ZERO;
    if (free <= NUMBER_DIGITS)
      for (let d = 0; d < digit; d++) small += countSmall(form, extend(head, d), free);
    else if (digit > 0)
      for (let d = 0; d < digit; d++) count += countLarge(form, rows, head, extend(head, d), free);
    head = extend(head, digit);
  }
  return { count: count + BigInt(small), head };
}

/** Members whose prefix is `head` and `free` ≤ NUMBER_DIGITS free digits. */
function countSmall(form: BucketForm, head: Head, free: number): number {
  const rows = rowsAsNumbers()[free]!;
  const left = form.target - head.sum;
  if (left < 0) return 0;
  const count = form.plain * (rows.sums[left] ?? 0) + form.tailed * (rows.tails[left] ?? 0);
  return zerosFill(form, head, free) ? count + form.tailed : count;
}

/** The same for more free digits; `parent` is `head` without its last digit. */
function countLarge(form: BucketForm, rows: RowDescent, parent: Head, head: Head, free: number): bigint {
  const left = form.target - head.sum;
  if (left < 0) return 0n;
  const { low, sums, tails } = rows.at(free, form.target - parent.sum);
  let count = multiply(sums[left - low] ?? 0n, form.plain);
  if (form.tailed > 0) count += multiply(tails[left - low] ?? 0n, form.tailed);
  return zerosFill(form, head, free) ? count + BigInt(form.tailed) : count;
}

/** Factors are 0, 1 or 2. */
function multiply(count: bigint, factor: number): bigint {
  if (factor === 1) return count;
  return factor === 0 ? 0n : count + count;
}

/** Whether `free` zeros behind `head` bring it to the target in the set `tailed`. */
function zerosFill({ target }: BucketForm, { sum, tailZeros }: Head, free: number): boolean {
  return sum > 0 && sum + tailZeros + free === target;
}

/** Whether the prefix that `head` is stands at the bucket's target. */
function isAt({ target }: BucketForm, { sum, tailZeros }: Head, isTailed: boolean): boolean {
  return (isTailed ? sum + tailZeros : sum) === target;
}

/** The least number of digits whose strings hold more than `index` of the bucket's members with a prefix. */
function findLength(form: BucketForm, rows: RowDescent, index: bigint): number | undefined {
  for (let digits = 1; digits <= NUMBER_DIGITS; digits++)
    if (index < countSmall(form, NO_DIGITS, digits)) return digits;
  const count = (digits: number): bigint => countLarge(form, rows, NO_DIGITS, NO_DIGITS, digits);
  let digits = NUMBER_DIGITS + 1;
  // Counts grow with the digits: the kept rows say between which two of them the length is.
  while (digits <= MAX_PREFIX_DIGITS && index >= count(nextKept(digits))) digits = nextKept(digits) + 1;
  while (digits <= MAX_PREFIX_DIGITS && index >= count(digits)) digits += 1;
  return digits <= MAX_PREFIX_DIGITS ? digits : undefined;
}

/** The member at `index` among those whose prefix has up to `length` digits: digit by digit, then by residue. */
function descend(form: BucketForm, rows: RowDescent, length: number, index: bigint): bigint {
  let head = NO_DIGITS;
  let left = index;
  let leading = '';
  let free = length - 1;
  for (; free > NUMBER_DIGITS; free--) {
    for (let digit = 0; ; digit++) {
      const next = extend(head, digit);
      const count = countLarge(form, rows, head, next, free);
      if (left >= count && digit < 9) {
        left -= count;
        continue;
      }
      leading += String(digit);
      head = next;
      break;
    }
  }
  const trailing = descendSmall(form, head, free, Number(left));
  return (
    (BigInt(leading) * 10n ** BigInt(free + 1) + BigInt(trailing.prefix)) * PREFIXED +
    BigInt(trailing.residue)
  );
}

/** The last `free` + 1 digits of the prefix, as a number, and the residue. */
function descendSmall(
  form: BucketForm,
  start: Head,
  free: number,
  index: number,
): { prefix: number; residue: number } {
  let head = start;
  let left = index;
  let prefix = 0;
  for (let k = free; k >= 0; k--) {
    let digit = 0;
    for (; digit < 9; digit++) {
      const count = countSmall(form, extend(head, digit), k);
      if (left < count) break;
      left -= count;
    }
    head = extend(head, digit);
    prefix = prefix * 10 + digit;
  }
  const own = form.residues.filter(({ set }) => isAt(form, head, set === 'tailed'));
  return { prefix, residue: own[left]!.value };
}
