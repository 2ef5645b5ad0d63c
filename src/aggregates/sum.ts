import { plugInGave } from '../errors/spool.js';
import type { WholeNumber } from '../range/whole-number.js';
import type { Aggregate, Column } from './aggregate.js';
import { addExactly, addSums, remainderOf, roundExactly, type ExactSum } from './exact-sum.js';
import { growTo } from './growing.js';
import { decodeExact, decodeNumeric, encodeDoubles, encodeExact, encodeNumeric } from './numeric-cell.js';

/** All values so far are whole, and so is the sum, in `sums`. */
const SAFE = 0;
/** The same, but the sum is past 2^53 and in `bigs`. */
const BIG = 1;
/** Not all are bigints or safe integers: the exact sum is in `exact`. */
const EXACT = 2;

/**
 * The sum of the values of a bucket, computed exactly: it does not depend on the order or on how the range is cut.
 * In full digits where all values are bigints or safe integers, else the nearest double, ties to even.
 */
export const sumAggregate: Aggregate = {
  name: 'sum',
  keepsNumbers: false,
  takesValues: true,
  createColumn: () => new SumColumn(),
};

class SumColumn implements Column {
  #sums = new Float64Array(0);
  #modes = new Uint8Array(0);
  readonly #bigs = new Map<number, bigint>();
  readonly #exact = new Map<number, ExactSum>();

  clear(): void {
    this.#bigs.clear();
    this.#exact.clear();
  }

  open(bucket: number): void {
    this.#sums = growTo(this.#sums, bucket);
    this.#modes = growTo(this.#modes, bucket);
    this.#sums[bucket] = 0;
    this.#modes[bucket] = SAFE;
  }

  add(bucket: number, _n: WholeNumber, value: WholeNumber): void {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) return this.#addExact(bucket, value);
    if (typeof value === 'number' && this.#modes[bucket] === SAFE) {
      const sum = this.#sums[bucket]! + value;
      if (Number.isSafeInteger(sum)) {
        this.#sums[bucket] = sum;
        return;
      }
    }
    if (this.#modes[bucket] === EXACT) this.#addExact(bucket, value);
    else this.#addWhole(bucket, BigInt(value));
  }

  encode(bucket: number): Uint8Array {
    if (this.#modes[bucket] === EXACT) return encodeExact(this.#exact.get(bucket)!);
    // A whole sum travels as a bigint, so that it is still known to be one.
    return encodeNumeric(this.#wholeSum(bucket));
  }

  absorb(bucket: number, bytes: Uint8Array): void {
    const sum = decodeExact(bytes);
    if (sum !== undefined) {
      this.#exact.set(bucket, addSums(this.#exactSum(bucket), sum));
      this.#modes[bucket] = EXACT;
      return;
    }
    const value = decodeNumeric(bytes);
    if (typeof value === 'number' || this.#modes[bucket] === EXACT) this.#addExact(bucket, value);
    else this.#addWhole(bucket, value);
  }

  finish(bucket: number, n: WholeNumber): string {
    if (this.#modes[bucket] !== EXACT) return String(this.#wholeSum(bucket));
    const value = roundExactly(this.#exact.get(bucket)!);
    if (!Number.isFinite(value)) throw plugInGave('the sum of valueOf', n, value, 'a finite number');
    return String(value);
  }

  remainder(bucket: number): Uint8Array | undefined {
    if (this.#modes[bucket] !== EXACT) return undefined;
    return encodeDoubles(remainderOf(this.#exact.get(bucket)!));
  }

  #addWhole(bucket: number, value: bigint): void {
    const sum = this.#wholeSum(bucket) + value;
    const isSafe = BigInt.asIntN(53, sum) === sum;
    this.#modes[bucket] = isSafe ? SAFE : BIG;
    if (isSafe) this.#sums[bucket] = Number(sum);
    else this.#bigs.set(bucket, sum);
  }

  #addExact(bucket: number, value: WholeNumber): void {
    this.#exact.set(bucket, addExactly(this.#exactSum(bucket), value));
    this.#modes[bucket] = EXACT;
  }

  #exactSum(bucket: number): ExactSum {
    if (this.#modes[bucket] === EXACT) return this.#exact.get(bucket)!;
    return addExactly([], this.#modes[bucket] === BIG ? this.#bigs.get(bucket)! : this.#sums[bucket]!);
  }

  #wholeSum(bucket: number): bigint {
    return this.#modes[bucket] === BIG ? this.#bigs.get(bucket)! : BigInt(this.#sums[bucket]!);
  }
}
