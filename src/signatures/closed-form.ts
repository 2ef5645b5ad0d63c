import { parseRange } from '../range/parse-range.js';
import { sizeOf, type Range } from '../range/range.js';
import { toBigint, toWholeNumber, type WholeNumber } from '../range/whole-number.js';
import { keyOf } from './reduced/key.js';
import { reducedSignature, REDUCED_START } from './reduced/signature.js';
import { sumOfBucket } from './reduced/sums/bucket-sums.js';

const { closedForm: form } = reducedSignature;

/** Which members of a bucket to go through. */
export interface MemberSelection {
  /** Index of the first member to give; 0, or with `reverse` the last member's, unless given. */
  readonly from?: WholeNumber;
  /** How many members at most; all that follow unless given. */
  readonly limit?: WholeNumber;
}

/** Which members of a bucket to go through, and in which direction. */
export interface DirectedSelection extends MemberSelection {
  /** From high to low; `from` is then the highest index. */
  readonly reverse?: boolean;
}

/** A range's bounds; the end is not included. */
export interface RangeBounds {
  /** 10, the signature's first number, unless given. */
  readonly start?: WholeNumber;
  readonly end: WholeNumber;
}

/**
 * The buckets of the built-in signature over a range, without tables: nothing is enumerated, and everything is exact
 * at any size. `range` is an end (`1e9`, `10n ** 100n`), an expression (`'1e100'`, `'1e9..2e9'`), or bounds.
 * Throws a SigtablesError USAGE for a range that is malformed, empty or starts below 10.
 */
export function closedForm(range: WholeNumber | string | RangeBounds): ClosedFormBuckets {
  return new ClosedFormBuckets(toRange(range));
}

function toRange(range: WholeNumber | string | RangeBounds): Range {
  if (typeof range === 'string') return parseRange(range, 'the range', REDUCED_START);
  const { start = REDUCED_START, end } = typeof range === 'object' ? range : { end: range };
  return parseRange(`${toBigint(start)}..${toBigint(end)}`, 'the range', REDUCED_START);
}

/** See `closedForm`. Numbers are given as `number` up to 2^53 − 1 and as `bigint` above; either is taken. */
export class ClosedFormBuckets {
  readonly range: Range;

  /** @internal */
  constructor(range: Range) {
    this.range = range;
  }

  /** How many numbers are in the range. */
  get size(): WholeNumber {
    return toWholeNumber(sizeOf(this.range));
  }

  /** All signatures of the range, in the order of their first numbers. */
  signatures(): string[] {
    return form.firstMembers(this.range).map(({ key }) => key);
  }

  /** The signature of a number, in the range or not. Throws a RangeError below 10. */
  signatureOf(n: WholeNumber): string {
    return keyOf(toBigint(n));
  }

  /** How many numbers of the range have the signature; 0 for an unknown one. */
  count(signature: string): WholeNumber {
    return toWholeNumber(this.#count(signature));
  }

  /** What the numbers with the signature add up to, from any index on; 0 where there are none. */
  sum(signature: string, { from = 0, limit }: MemberSelection = {}): WholeNumber {
    const count = this.#count(signature);
    const first = toBigint(from);
    const left = count - first;
    const taken = limit === undefined || toBigint(limit) > left ? left : toBigint(limit);
    if (first < 0n || taken <= 0n) return 0;
    const before = this.#countBefore(signature);
    const boundAt = (index: bigint): bigint => form.select(signature, before + index);
    const start = first === 0n ? this.range.start : boundAt(first);
    const end = taken === left ? this.range.end : boundAt(first + taken);
    return toWholeNumber(sumOfBucket(signature, { start, end }));
  }

  /** The number at `index` (from 0 on) among those with the signature; `undefined` where there is none. */
  at(signature: string, index: WholeNumber): WholeNumber | undefined {
    const i = toBigint(index);
    if (i < 0n || i >= this.#count(signature)) return undefined;
    return toWholeNumber(form.select(signature, this.#countBefore(signature) + i));
  }

  /** The index of `n` among the numbers of the range with its signature; `undefined` outside of the range. */
  indexOf(n: WholeNumber): WholeNumber | undefined {
    const value = toBigint(n);
    if (!this.#has(value)) return undefined;
    const key = keyOf(value);
    return toWholeNumber(form.rank(key, value) - this.#countBefore(key));
  }

  /** Whether `n` is in the range. */
  has(n: WholeNumber): boolean {
    return this.#has(toBigint(n));
  }

  /** The numbers with the signature, one by one, from any index on, upwards or downwards; none for an unknown one. */
  *members(signature: string, selection: DirectedSelection = {}): Generator<WholeNumber, void, undefined> {
    const count = this.#count(signature);
    const { reverse = false } = selection;
    const [step, last] = reverse ? [-1n, -1n] : [1n, count];
    let index = selection.from === undefined ? (reverse ? count - 1n : 0n) : toBigint(selection.from);
    if (index < 0n || index >= count) return;
    let left = selection.limit === undefined ? count : toBigint(selection.limit);
    const before = this.#countBefore(signature);
    for (; left > 0n && index !== last; left--, index += step) {
      yield toWholeNumber(form.select(signature, before + index));
    }
  }

  #has(n: bigint): boolean {
    return n >= this.range.start && n < this.range.end;
  }

  #count(signature: string): bigint {
    return form.rank(signature, this.range.end) - this.#countBefore(signature);
  }

  #countBefore(signature: string): bigint {
    return form.rank(signature, this.range.start);
  }
}
