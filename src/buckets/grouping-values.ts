import type { Aggregate, Column } from '../aggregates/aggregate.js';
import { growTo } from '../aggregates/growing.js';
import { checkValue } from '../aggregates/open-aggregate.js';
import { plugInThrew } from '../errors/spool.js';
import type { WholeNumber } from '../range/whole-number.js';
import { hasOwnValue } from '../signatures/plug-in/own-value.js';
import type { KeyFunction, SliceLoop } from './grouping.js';
import type { KeyBook } from './grouping-keys.js';
import { BucketOrder } from './grouping-order.js';

/** No key is equal to it. */
const NO_KEY = Symbol('no key yet');

type ValueFunction = (n: WholeNumber) => unknown;

/** Groups a slice into values: adds each number to its bucket's partial result at once. */
export class ValueLoop implements SliceLoop {
  progressBase = 0;
  lastKey: unknown;
  lastValue: unknown;
  readonly order = new BucketOrder();
  readonly column: Column;
  readonly #signature: KeyFunction;
  readonly #valueOf: ValueFunction;
  readonly #keys: KeyBook;
  readonly #cell: Float64Array;
  #counts = new Int32Array(0);
  #firsts = new Int32Array(0);
  #lasts = new Int32Array(0);

  constructor(signature: KeyFunction, aggregate: Aggregate, keys: KeyBook, cell: Float64Array) {
    this.#signature = signature;
    this.#keys = keys;
    this.#cell = cell;
    this.column = aggregate.createColumn();
    this.#valueOf = hasValues(signature, aggregate) ? (n) => signature.valueOf?.(n) : (n) => n;
  }

  begin(): void {
    this.column.clear();
  }

  visitNumbers(start: number, from: number, to: number): number {
    const signature = this.#signature;
    const valueOf = this.#valueOf;
    const keys = this.#keys;
    const cell = this.#cell;
    const column = this.column;
    const base = this.progressBase;
    let lastKey: unknown = NO_KEY;
    let id = 0;
    let count = 0;
    let last = 0;
    let end = to;
    for (let i = from; i < end; i++) {
      const n = start + i;
      cell[0] = base + i;
      const key = signature.keyOf(n);
      if (key === null) continue;
      if (key !== lastKey) {
        this.#note(id, count, last);
        count = 0;
        id = this.#find(key, i);
        lastKey = key;
        if (keys.isFull) end = i + 1;
      }
      column.add(id, n, takeValue(valueOf, n));
      count++;
      last = i;
    }
    this.#note(id, count, last);
    return end;
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
    if (key === null) return;
    const id = this.#find(key, i);
    const value = takeValue(this.#valueOf, n);
    this.lastValue = value;
    this.column.add(id, n, value);
    this.#counts[id]! += 1;
    this.#lasts[id] = i;
  }

  finish(): void {}

  countOf(bucket: number): number {
    return this.#counts[bucket]!;
  }

  firstOf(bucket: number): number {
    return this.#firsts[bucket]!;
  }

  lastOf(bucket: number): number {
    return this.#lasts[bucket]!;
  }

  /** Counts numbers of a bucket in a row, the last of which is `last`. */
  #note(bucket: number, count: number, last: number): void {
    if (count === 0) return;
    this.#counts[bucket]! += count;
    this.#lasts[bucket] = last;
  }

  #find(key: unknown, offset: number): number {
    const known = this.#keys.count;
    const id = this.#keys.find(key);
    if (id < known) return id;
    this.#counts = growTo(this.#counts, id);
    this.#firsts = growTo(this.#firsts, id);
    this.#lasts = growTo(this.#lasts, id);
    this.#counts[id] = 0;
    this.#firsts[id] = offset;
    this.column.open(id);
    return id;
  }
}

/** Whether the signature's `valueOf` is called. */
export function hasValues(signature: KeyFunction, aggregate: Aggregate): boolean {
  return aggregate.takesValues && hasOwnValue(signature);
}

/** Throws a PlugInError where there is no value, or none that can be computed with. */
function takeValue(valueOf: ValueFunction, n: WholeNumber): WholeNumber {
  const value = callValueOf(valueOf, n);
  return typeof value === 'number' && value - value === 0 ? value : checkValue(value, n);
}

function callValueOf(valueOf: ValueFunction, n: WholeNumber): unknown {
  try {
    return valueOf(n);
  } catch (error) {
    throw plugInThrew('valueOf', n, error);
  }
}
