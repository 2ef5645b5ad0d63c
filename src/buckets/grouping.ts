import type { Aggregate, Column } from '../aggregates/aggregate.js';
import { plugInGave, plugInThrew, PlugInError } from '../errors/spool.js';
import { sizeOf, type Range } from '../range/range.js';
import { toWholeNumber, type WholeNumber } from '../range/whole-number.js';
import { KeyBook, KeyFault } from './grouping-keys.js';
import type { SliceLimits } from './grouping-limits.js';
import { ListLoop } from './grouping-list.js';
import type { BucketOrder } from './grouping-order.js';
import { RepeatCheck } from './grouping-repeat.js';
import { hasValues, ValueLoop } from './grouping-values.js';

/** A signature as it is called for every number: whatever it gives is checked. */
export interface KeyFunction {
  keyOf(n: WholeNumber): unknown;
  /** What aggregates take; the number itself where there is none of its own. */
  valueOf?(n: WholeNumber): unknown;
}

/** Where a worker shows the number that it is working on. */
export interface Progress {
  /** One place in shared memory: the number's offset from `origin`; −1 while no plug-in code runs. */
  readonly cell: Float64Array;
  readonly origin: bigint;
}

/** What is known of the buckets of a slice. */
export interface SliceBuckets {
  readonly column: Column;
  /** By bucket; empty where the aggregate keeps no numbers. */
  readonly order: BucketOrder;
  countOf(bucket: number): number;
  /** The offsets of a bucket's first and last number from the slice's start. */
  firstOf(bucket: number): number;
  lastOf(bucket: number): number;
}

/** Goes through the numbers of a slice, given as their offsets from its start. */
export interface SliceLoop extends SliceBuckets {
  /** What is added to an offset before it is shown as progress. */
  progressBase: number;
  /** What was said of the last number that `visitOne` or `visitBigints` visited; the value only where the key is not null. */
  readonly lastKey: unknown;
  readonly lastValue: unknown;
  begin(count: number): void;
  /** Groups `start + i` for i from `from` on to before `to`, or until there are keys enough; returns the next i. */
  visitNumbers(start: number, from: number, to: number): number;
  visitBigints(start: bigint, from: number, to: number): number;
  /** Groups `n`, which stands at the offset `i`; there is room for its key. */
  visitOne(n: WholeNumber, i: number): void;
  finish(count: number): void;
}

/** The buckets of a slice, in the order of their first numbers. Valid until the next slice is grouped. */
export interface GroupedSlice {
  /** What was grouped: from the start of what was asked for. */
  readonly range: Range;
  readonly keys: KeyBook;
  readonly buckets: SliceBuckets;
}

/** Groups numbers, slice by slice. */
export interface SliceSource {
  readonly aggregate: Aggregate;
  /** Groups the numbers of `part` from its start on, all or as many as fit, at least one. Throws a PlugInError. */
  group(part: Range): GroupedSlice;
}

const SAFE_END = 2n ** 53n;
/** Shows that no plug-in code runs. */
const IDLE = -1;

/** Groups numbers by a function, slice by slice. */
export class Grouping implements SliceSource {
  readonly aggregate: Aggregate;
  readonly #limits: SliceLimits;
  readonly #keys: KeyBook;
  readonly #loop: SliceLoop;
  readonly #repeat: RepeatCheck;
  readonly #cell: Float64Array;
  readonly #origin: bigint | undefined;

  constructor(signature: KeyFunction, aggregate: Aggregate, limits: SliceLimits, progress?: Progress) {
    this.aggregate = aggregate;
    this.#limits = limits;
    this.#cell = progress?.cell ?? new Float64Array(1);
    this.#origin = progress?.origin;
    this.#keys = new KeyBook(limits.keys, limits.keyBytes);
    const cell = this.#cell;
    this.#loop = aggregate.keepsNumbers
      ? new ListLoop(signature, this.#keys, cell)
      : new ValueLoop(signature, aggregate, this.#keys, cell);
    this.#repeat = new RepeatCheck(signature, hasValues(signature, aggregate), cell);
  }

  /**
   * Groups the numbers of `part` from its start on, as many as the limits allow, at least one. Some are asked for twice. Throws a
   * PlugInError, also where the two answers differ.
   */
  group(part: Range): GroupedSlice {
    const size = sizeOf(part);
    const count = size < BigInt(this.#limits.numbers) ? Number(size) : this.#limits.numbers;
    this.#keys.clear();
    this.#loop.begin(count);
    const reached = this.#visit(part, count);
    this.#loop.finish(reached);
    const range = { start: part.start, end: part.start + BigInt(reached) };
    return { range, keys: this.#keys, buckets: this.#loop };
  }

  #visit(part: Range, count: number): number {
    const cell = this.#cell;
    const origin = this.#origin ?? part.start;
    this.#loop.progressBase = Number(part.start - origin);
    cell[0] = this.#loop.progressBase;
    try {
      this.#repeat.begin(part);
      const reached = this.#visitAll(part.start, count);
      this.#repeat.end(part.start + BigInt(reached));
      return reached;
    } catch (error) {
      throw describeFault(error, toWholeNumber(origin + BigInt(cell[0])));
    } finally {
      cell[0] = IDLE;
    }
  }

  /** Numbers that are to be asked for again are visited one by one, so that the loops over the others know nothing of that. */
  #visitAll(start: bigint, count: number): number {
    const loop = this.#loop;
    const safe = SAFE_END - start;
    const numbers = safe >= BigInt(count) ? count : Math.max(0, Number(safe));
    const first = numbers > 0 ? Number(start) : 0;
    let reached = 0;
    while (reached < count && !this.#keys.isFull) {
      const chosen = this.#repeat.next;
      const end = Math.min(chosen, reached < numbers ? numbers : count);
      if (reached === chosen) {
        this.#visitChosen(reached < numbers ? first + reached : start + BigInt(reached), reached);
        reached++;
      } else if (reached < numbers) reached = loop.visitNumbers(first, reached, end);
      else reached = loop.visitBigints(start, reached, end);
    }
    return reached;
  }

  #visitChosen(n: WholeNumber, offset: number): void {
    const loop = this.#loop;
    loop.visitOne(n, offset);
    const { progressBase, lastKey, lastValue } = loop;
    this.#repeat.note({ n, progress: progressBase + offset, key: lastKey, value: lastValue });
  }
}

function describeFault(error: unknown, n: WholeNumber): Error {
  try {
    if (error instanceof PlugInError) return error;
    if (error instanceof KeyFault) return plugInGave('keyOf', n, error.value, error.expected);
  } catch {
    // A proxy of the plug-in's may throw when it is asked what it is: then it is neither.
  }
  return plugInThrew('keyOf', n, error);
}
