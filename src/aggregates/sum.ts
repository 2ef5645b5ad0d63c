import { plugInGave } from '../errors/spool.js';
import type { WholeNumber } from '../range/whole-number.js';
import type { Aggregate, Column } from './aggregate.js';
import { growTo } from './growing.js';
import { decodeNumeric, encodeNumeric } from './numeric-cell.js';

/** All values so far are whole, and so is the sum, in `sums`. */
const SAFE = 0;
/** The same, but the sum is past 2^53 and in `bigs`. */
const BIG = 1;
/** Not all are whole: doubles are added in order, in `sums`. */
const DOUBLE = 2;

/**
 * The sum of the values of a bucket: exact as long as all of them are bigints or safe integers; from the first other
 * one on, the sum so far and all that follows are added as doubles, in order.
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

  clear(): void {
    this.#bigs.clear();
  }

  open(bucket: number): void {
    this.#sums = growTo(this.#sums, bucket);
    this.#modes = growTo(this.#modes, bucket);
    this.#sums[bucket] = 0;
    this.#modes[bucket] = SAFE;
  }

  add(bucket: number, _n: WholeNumber, value: WholeNumber): void {
    if (typeof value === 'number' && this.#modes[bucket] === DOUBLE) this.#sums[bucket]! += value;
    else this.#addCarefully(bucket, value);
  }

  encode(bucket: number, n: WholeNumber): Uint8Array {
    const { value, isWhole } = this.#read(bucket, n);
    // A whole sum travels as a bigint, so that it is still known to be one.
    return encodeNumeric(isWhole ? BigInt(value) : value);
  }

  absorb(bucket: number, bytes: Uint8Array): void {
    const value = decodeNumeric(bytes);
    if (typeof value === 'number') this.#addDouble(bucket, value);
    else this.#addWhole(bucket, value);
  }

  finish(bucket: number, n: WholeNumber): string {
    return String(this.#read(bucket, n).value);
  }

  #addCarefully(bucket: number, value: WholeNumber): void {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) return this.#addDouble(bucket, value);
    if (typeof value === 'number' && this.#modes[bucket] === SAFE) {
      const sum = this.#sums[bucket]! + value;
      if (Number.isSafeInteger(sum)) {
        this.#sums[bucket] = sum;
        return;
      }
    }
    this.#addWhole(bucket, BigInt(value));
  }

  #addWhole(bucket: number, value: bigint): void {
    if (this.#modes[bucket] === DOUBLE) {
      this.#sums[bucket]! += Number(value);
      return;
    }
    const sum = this.#wholeSum(bucket) + value;
    const isSafe = BigInt.asIntN(53, sum) === sum;
    this.#modes[bucket] = isSafe ? SAFE : BIG;
    if (isSafe) this.#sums[bucket] = Number(sum);
    else this.#bigs.set(bucket, sum);
  }

  #addDouble(bucket: number, value: number): void {
    if (this.#modes[bucket] === BIG) this.#sums[bucket] = Number(this.#wholeSum(bucket));
    this.#modes[bucket] = DOUBLE;
    this.#sums[bucket]! += value;
  }

  #wholeSum(bucket: number): bigint {
    return this.#modes[bucket] === BIG ? this.#bigs.get(bucket)! : BigInt(this.#sums[bucket]!);
  }

  #read(bucket: number, n: WholeNumber): { value: WholeNumber; isWhole: boolean } {
    if (this.#modes[bucket] === BIG) return { value: this.#bigs.get(bucket)!, isWhole: true };
    const value = this.#sums[bucket]!;
    if (!Number.isFinite(value)) throw plugInGave('the sum of valueOf', n, value, 'a finite number');
    return { value, isWhole: this.#modes[bucket] === SAFE };
  }
}
