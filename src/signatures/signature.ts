import type { Jobs } from '../range/jobs.js';
import type { Range } from '../range/range.js';

/** What is known of every bucket within a range: one snapshot, taken once, asked for many keys. */
export interface Tally {
  /** How many members of the bucket `key` lie in the tally's range. */
  count(key: string): bigint;
  /** Bytes of those members in decimal, each followed by a one-byte separator. */
  bytes(key: string): bigint;
}

/** What the members of every bucket within a range add up to: taken once, asked for many keys. */
export interface BucketSums {
  /** The sum of the members of the bucket `key`; 0 where it has none. */
  sum(key: string): bigint;
}

/** A key together with one of its members. */
export interface KeyedNumber {
  readonly key: string;
  readonly number: bigint;
}

/** A key together with the bytes of its bucket. */
export interface BucketSize {
  readonly key: string;
  /** Bytes of the members in decimal, each followed by a one-byte separator. */
  readonly bytes: bigint;
}

/** Keys of several jobs together: a key counts once for each job that has members of its bucket. */
export interface KeyTotals {
  readonly keys: bigint;
  /** Bytes of those keys as JSON strings, with their quotes. */
  readonly bytes: bigint;
}

/** Answers about buckets that need no enumeration. A signature that has them gets its fragments placed directly. */
export interface ClosedForm {
  /** The tally of all members below `n`, from the first number of the domain on. */
  tally(n: bigint): Tally;
  /** Members of the bucket `key` below `n`, from the first number of the domain on: `tally(n).count(key)`, in microseconds. */
  rank(key: string, n: bigint): bigint;
  /** The member of the bucket `key` at `index`, from 0 on, over the whole domain. Throws a RangeError where there is none. */
  select(key: string, index: bigint): bigint;
  /** The tally of the members in `range`. */
  tallyWithin(range: Range): Tally;
  /** Each bucket with a member in `range` and its first member there, ascending by that member. */
  firstMembers(range: Range): KeyedNumber[];
  /** Each bucket with a member in `range`, in the order of their first members there, with its size there. */
  bucketSizes(range: Range): BucketSize[];
  /** The last member in `range` of each bucket that has one, in no particular order. */
  lastMembers(range: Range): KeyedNumber[];
  /** The sums of the members in `range`. Without it, `--aggregate sum` goes through the numbers one by one. */
  sumsWithin?(range: Range): BucketSums;
  /** How many keys the jobs have. Throws a USAGE error where that would take looking at too many jobs one by one. */
  measureJobKeys(jobs: Jobs): KeyTotals;
}

/** A function from number to key, with what a table set records of it. */
export interface Signature {
  readonly name: string;
  readonly version: string;
  /** The first number for which the signature is defined. */
  readonly start: bigint;
  keyOf(n: bigint): string;
  /**
   * A test whether the ASCII digits from `start` to before `end`, at least two, the first not 0, are of a number with the
   * signature `key`: for checks of many numbers, faster than `keyOf`.
   */
  createMatcher?(key: string): (bytes: Uint8Array, start: number, end: number) => boolean;
  readonly closedForm?: ClosedForm;
}
