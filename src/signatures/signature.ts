import type { Range } from '../range/range.js';

/** What is known of every bucket below a number: one snapshot, taken once, asked for many keys. */
export interface Tally {
  /** How many members of the bucket `key` lie below the tally's number. */
  count(key: string): bigint;
  /** Bytes of those members in decimal, each followed by a one-byte separator. */
  bytes(key: string): bigint;
}

/** A key together with one of its members. */
export interface KeyedNumber {
  readonly key: string;
  readonly number: bigint;
}

/** Answers about buckets that need no enumeration. A signature that has them gets its fragments placed directly. */
export interface ClosedForm {
  /** The tally of all members below `n`, from the first number of the domain on. */
  tally(n: bigint): Tally;
  /** Each bucket with a member in `range` and its first member there, ascending by that member. */
  firstMembers(range: Range): KeyedNumber[];
  /** The last member in `range` of each bucket that has one, in no particular order. */
  lastMembers(range: Range): KeyedNumber[];
}

/** A function from number to key, with what a table set records of it. */
export interface Signature {
  readonly name: string;
  readonly version: string;
  /** The first number for which the signature is defined. */
  readonly start: bigint;
  keyOf(n: bigint): string;
  readonly closedForm?: ClosedForm;
}
