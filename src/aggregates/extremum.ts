import type { WholeNumber } from '../range/whole-number.js';
import type { Aggregate, Column } from './aggregate.js';
import { growTo } from './growing.js';
import { decodeNumeric, encodeNumeric } from './numeric-cell.js';

/** The least value of a bucket; of equal ones, the one of the lowest number. */
export const minAggregate: Aggregate = {
  name: 'min',
  keepsNumbers: false,
  takesValues: true,
  createColumn: () => new ExtremumColumn(-1),
};

/** The greatest value of a bucket; of equal ones, the one of the lowest number. */
export const maxAggregate: Aggregate = {
  name: 'max',
  keepsNumbers: false,
  takesValues: true,
  createColumn: () => new ExtremumColumn(1),
};

class ExtremumColumn implements Column {
  readonly #sign: 1 | -1;
  /** NaN: there is no value yet, or it is a bigint in `bigs`. */
  #values = new Float64Array(0);
  readonly #bigs = new Map<number, bigint>();

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  clear(): void {
    this.#bigs.clear();
  }

  open(bucket: number): void {
    this.#values = growTo(this.#values, bucket);
    this.#values[bucket] = NaN;
  }

  add(bucket: number, _n: WholeNumber, value: WholeNumber): void {
    const known = this.#values[bucket]!;
    if (typeof value === 'number' && !Number.isNaN(known)) {
      if (this.#sign < 0 ? value < known : value > known) this.#values[bucket] = value;
    } else {
      this.#addCarefully(bucket, value);
    }
  }

  encode(bucket: number): Uint8Array {
    return encodeNumeric(this.#read(bucket)!);
  }

  absorb(bucket: number, bytes: Uint8Array): void {
    this.#addCarefully(bucket, decodeNumeric(bytes));
  }

  finish(bucket: number): string {
    return String(this.#read(bucket)!);
  }

  #read(bucket: number): WholeNumber | undefined {
    const value = this.#values[bucket]!;
    return Number.isNaN(value) ? this.#bigs.get(bucket) : value;
  }

  #addCarefully(bucket: number, value: WholeNumber): void {
    const known = this.#read(bucket);
    if (known !== undefined && !(this.#sign < 0 ? value < known : value > known)) return;
    if (typeof value === 'number') {
      this.#values[bucket] = value;
      this.#bigs.delete(bucket);
    } else {
      this.#values[bucket] = NaN;
      this.#bigs.set(bucket, value);
    }
  }
}
