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
/** Not all are bigints or safe integers: the exact sum is that of two doubles, in `sums` and `lows`. */
const PAIR = 2;
/** The same where two doubles do not hold it: it is in `exact`. */
const EXACT = 3;

/** Two doubles below it never overflow. */
const PAIR_BOUND = 2 ** 1022;

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
  #lows = new Float64Array(0);
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
    const mode = this.#modes[bucket]!;
    if (typeof value === 'bigint') {
      if (mode >= PAIR) this.#addExact(bucket, value);
      else this.#addWhole(bucket, value);
      return;
    }
    if (mode >= PAIR || !Number.isSafeInteger(value)) return this.#addFraction(bucket, value);
    const sum = this.#sums[bucket]! + value;
    if (mode === SAFE && Number.isSafeInteger(sum)) this.#sums[bucket] = sum;
    else this.#addWhole(bucket, BigInt(value));
  }

  encode(bucket: number): Uint8Array {
    if (this.#modes[bucket]! >= PAIR) return encodeExact(this.#exactSum(bucket));
    // A whole sum travels as a bigint, so that it is still known to be one.
    return encodeNumeric(this.#wholeSum(bucket));
  }

  absorb(bucket: number, bytes: Uint8Array): void {
    const sum = decodeExact(bytes);
    if (typeof sum === 'bigint') {
      this.#exact.set(bucket, addSums(this.#exactSum(bucket), sum));
      this.#modes[bucket] = EXACT;
    } else if (sum) {
      // One at least: that fractions went into it must be known from here on, even where nothing is left of them.
      this.#addFraction(bucket, sum[0] ?? 0);
      for (let i = 1; i < sum.length; i++) this.#addFraction(bucket, sum[i]!);
    } else {
      const value = decodeNumeric(bytes);
      if (typeof value === 'number') this.#addFraction(bucket, value);
      else if (this.#modes[bucket]! >= PAIR) this.#addExact(bucket, value);
      else this.#addWhole(bucket, value);
    }
  }

  finish(bucket: number, n: WholeNumber): string {
    if (this.#modes[bucket]! < PAIR) return String(this.#wholeSum(bucket));
    const value = roundExactly(this.#exactSum(bucket));
    if (!Number.isFinite(value)) throw plugInGave('the sum of valueOf', n, value, 'a finite number');
    return String(value);
  }

  remainder(bucket: number): Uint8Array | undefined {
    if (this.#modes[bucket]! < PAIR) return undefined;
    return encodeDoubles(remainderOf(this.#exactSum(bucket)));
  }

  #addWhole(bucket: number, value: bigint): void {
    const sum = this.#wholeSum(bucket) + value;
    const isSafe = BigInt.asIntN(53, sum) === sum;
    this.#modes[bucket] = isSafe ? SAFE : BIG;
    if (isSafe) this.#sums[bucket] = Number(sum);
    else this.#bigs.set(bucket, sum);
  }

  /** Most sums of fractions fit into two doubles: then nothing is allocated for them. */
  #addFraction(bucket: number, value: number): void {
    const mode = this.#modes[bucket];
    if (mode === SAFE) this.#openPair(bucket);
    else if (mode !== PAIR) return this.#addExact(bucket, value);
    const high = this.#sums[bucket]!;
    const low = this.#lows[bucket]!;
    // What each addition rounds off, exactly (Knuth).
    const sum = high + value;
    const shifted = sum - high;
    const lost = high - (sum - shifted) + (value - shifted);
    const lowSum = low + lost;
    const lowShifted = lowSum - low;
    const lowLost = low - (lowSum - lowShifted) + (lost - lowShifted);
    if (lowLost !== 0 || !(Math.abs(sum) < PAIR_BOUND)) return this.#addExact(bucket, value);
    this.#sums[bucket] = sum;
    this.#lows[bucket] = lowSum;
  }

  #openPair(bucket: number): void {
    this.#lows = growTo(this.#lows, bucket);
    this.#lows[bucket] = 0;
    this.#modes[bucket] = PAIR;
  }

  #addExact(bucket: number, value: WholeNumber): void {
    const before = this.#exactSum(bucket);
    const sum = addExactly(before, value);
    if (this.#modes[bucket] === EXACT && sum === before) return;
    this.#exact.set(bucket, sum);
    this.#modes[bucket] = EXACT;
  }

  #exactSum(bucket: number): ExactSum {
    const mode = this.#modes[bucket];
    if (mode === EXACT) return this.#exact.get(bucket)!;
    if (mode === BIG) return addExactly([], this.#bigs.get(bucket)!);
    const sum = addExactly([], this.#sums[bucket]!);
    return mode === PAIR ? addExactly(sum, this.#lows[bucket]!) : sum;
  }

  #wholeSum(bucket: number): bigint {
    return this.#modes[bucket] === BIG ? this.#bigs.get(bucket)! : BigInt(this.#sums[bucket]!);
  }
}
