import type { Aggregate, Column } from './aggregate.js';
import { growTo } from './growing.js';
import { decodeNumeric, encodeNumeric } from './numeric-cell.js';

/** How many numbers a bucket has. */
export const countAggregate: Aggregate = {
  name: 'count',
  keepsNumbers: false,
  takesValues: false,
  createColumn: () => new CountColumn(),
};

class CountColumn implements Column {
  #counts = new Float64Array(0);

  clear(): void {}

  open(bucket: number): void {
    this.#counts = growTo(this.#counts, bucket);
    this.#counts[bucket] = 0;
  }

  add(bucket: number): void {
    this.#counts[bucket]! += 1;
  }

  encode(bucket: number): Uint8Array {
    return encodeNumeric(this.#counts[bucket]!);
  }

  absorb(bucket: number, bytes: Uint8Array): void {
    this.#counts[bucket]! += Number(decodeNumeric(bytes));
  }

  finish(bucket: number): string {
    return String(this.#counts[bucket]!);
  }
}
