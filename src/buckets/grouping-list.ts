import { countAggregate } from '../aggregates/count.js';
import type { KeyFunction, SliceLoop } from './grouping.js';
import type { KeyBook } from './grouping-keys.js';
import { BucketOrder } from './grouping-order.js';
import type { WholeNumber } from '../range/whole-number.js';

/** No key is equal to it. */
const NO_KEY = Symbol('no key yet');
const NO_BUCKET = -1;

/** Groups a slice into lists: finds each number's bucket, then sorts the numbers by it. */
export class ListLoop implements SliceLoop {
  progressBase = 0;
  lastKey: unknown;
  readonly lastValue = undefined;
  readonly order = new BucketOrder();
  readonly column = countAggregate.createColumn();
  readonly #signature: KeyFunction;
  readonly #keys: KeyBook;
  readonly #cell: Float64Array;
  #ids = new Int32Array(0);

  constructor(signature: KeyFunction, keys: KeyBook, cell: Float64Array) {
    this.#signature = signature;
    this.#keys = keys;
    this.#cell = cell;
  }

  begin(count: number): void {
    if (this.#ids.length < count) this.#ids = new Int32Array(count);
  }

  visitNumbers(start: number, from: number, to: number): number {
    const signature = this.#signature;
    const keys = this.#keys;
    const cell = this.#cell;
    const ids = this.#ids;
    const base = this.progressBase;
    let lastKey: unknown = NO_KEY;
    let lastId = NO_BUCKET;
    for (let i = from; i < to; i++) {
      cell[0] = base + i;
      const key = signature.keyOf(start + i);
      if (key === lastKey) {
        ids[i] = lastId;
      } else if (key === null) {
        ids[i] = NO_BUCKET;
      } else {
        lastId = lastId < 0 ? keys.find(key) : keys.findBehind(lastId, key);
        lastKey = key;
        ids[i] = lastId;
        if (keys.isFull) return i + 1;
      }
    }
    return to;
  }

  visitBigints(start: bigint, from: number, to: number): number {
    for (let i = from; i < to; i++) {
      this.visitOne(start + BigInt(i), i);
      if (this.#keys.isFull) return i + 1;
    }
    return to;
  }

  visitOne(n: WholeNumber, i: number): void {
    this.#cell[0] = this.progressBase + i;
    const key = this.#signature.keyOf(n);
    this.lastKey = key;
    this.#ids[i] = key === null ? NO_BUCKET : this.#keys.find(key);
  }

  finish(count: number): void {
    this.order.sort(this.#ids, count, this.#keys.count);
  }

  countOf(bucket: number): number {
    return this.order.starts[bucket + 1]! - this.order.starts[bucket]!;
  }

  firstOf(bucket: number): number {
    return this.order.offsets[this.order.starts[bucket]!]!;
  }

  lastOf(bucket: number): number {
    return this.order.offsets[this.order.starts[bucket + 1]! - 1]!;
  }
}
