import type { WholeNumber } from '../range/whole-number.js';

/** How a bucket becomes one value: numbers are added one by one, partial results of ranges merged in order. */
export interface AggregateDefinition<Part = unknown, Value = unknown> {
  /** The result of no numbers: plain data, since it passes between threads and through files. */
  init(): Part;
  /** The result with one more number; `value` is what `valueOf` gives for `n`. */
  add(part: Part, n: WholeNumber, value: WholeNumber): Part;
  /** The result of two ranges; `left` is of the lower numbers. */
  merge(left: Part, right: Part): Part;
  /** What the table shows: JSON, with bigint allowed; the partial result itself unless given. */
  finish?(part: Part): Value;
}

/** What a bucket keeps: the list of its numbers, or one value made of them. */
export interface Aggregate {
  readonly name: string;
  /** Whether a bucket is the list of its numbers; then there are no values, and the column stays empty. */
  readonly keepsNumbers: boolean;
  /** Whether it depends on what `valueOf` gives. */
  readonly takesValues: boolean;
  createColumn(): Column;
}

/** The partial results of buckets, by bucket number: they count up from 0. */
export interface Column {
  /** Forgets all buckets. */
  clear(): void;
  /** Makes room for the next bucket. */
  open(bucket: number): void;
  /** Adds a number above all that are in the bucket; `value` is finite. Throws a PlugInError. */
  add(bucket: number, n: WholeNumber, value: WholeNumber): void;
  /** The partial result as bytes, valid until the next call. `n` is a number of the bucket, for messages. Throws a PlugInError. */
  encode(bucket: number, n: WholeNumber): Uint8Array;
  /** Merges what `encode` gave for numbers above all that are in the bucket. Throws a PlugInError. */
  absorb(bucket: number, bytes: Uint8Array, n: WholeNumber): void;
  /** The result as JSON text. Throws a PlugInError. */
  finish(bucket: number, n: WholeNumber): string;
  /**
   * What the shown result was rounded by, as `encodeDoubles` gives it: with it the result is exact, and can be put together with others. Undefined
   * for a result that no fraction went into. `finish` has been called. Absent where results are never rounded.
   */
  remainder?(bucket: number): Uint8Array | undefined;
}
