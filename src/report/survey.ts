import { growTo } from '../aggregates/growing.js';
import { REPORT_LISTED } from '../limits.js';
import { toDrawable } from './long-number.js';
import type { JsonValue } from '../tables/exact-json.js';

/** What a report needs to know of a bucket. */
export interface SizedBucket {
  readonly key: string;
  readonly count: bigint;
  readonly first: bigint;
  readonly last: bigint;
  /** What it holds in place of its numbers, where that is read. */
  readonly value?: JsonValue;
}

/** What has been seen of all buckets: 16 bytes for each, and some of them. */
export interface Survey {
  readonly buckets: number;
  /** The measure of each bucket. */
  readonly amounts: Float64Array;
  /** The key of each bucket, where all of them are numbers. */
  readonly keys: Float64Array | undefined;
  readonly largest: readonly SizedBucket[];
  readonly smallest: readonly SizedBucket[];
}

/** A key that reads as a number, in decimal. */
const NUMBER = /^-?(?:0|[1-9]\d{0,299})(?:\.\d{1,99})?(?:e[+-]?\d{1,2})?$/;

/** Goes through all buckets once; `measure` says by what they are compared. */
export function surveyBuckets(
  buckets: Iterable<SizedBucket>,
  measure: (bucket: SizedBucket) => number | bigint,
): Survey {
  let amounts = new Float64Array(0);
  let keys = new Float64Array(0);
  let areNumbers = true;
  let at = 0;
  const [largest, smallest] = [new Extremes(1), new Extremes(-1)];
  for (const bucket of buckets) {
    const amount = measure(bucket);
    amounts = growTo(amounts, at);
    amounts[at] = toDrawable(amount);
    largest.offer(bucket, amount);
    smallest.offer(bucket, amount);
    areNumbers &&= NUMBER.test(bucket.key) && Number.isFinite(Number(bucket.key));
    if (areNumbers) {
      keys = growTo(keys, at);
      keys[at] = Number(bucket.key);
    }
    at += 1;
  }
  return {
    buckets: at,
    amounts: amounts.subarray(0, at),
    keys: areNumbers ? keys.subarray(0, at) : undefined,
    largest: largest.list(),
    smallest: smallest.list(),
  };
}

/** The few greatest of many, or with a `sign` of −1 the least; of equal ones the first. */
class Extremes {
  readonly #sign: 1 | -1;
  readonly #kept: { readonly bucket: SizedBucket; readonly amount: number | bigint }[] = [];

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  offer(bucket: SizedBucket, amount: number | bigint): void {
    const kept = this.#kept;
    const worst = kept[REPORT_LISTED - 1];
    if (worst && !this.#isBetter(amount, worst.amount)) return;
    const place = kept.findIndex((other) => this.#isBetter(amount, other.amount));
    kept.splice(place < 0 ? kept.length : place, 0, { bucket, amount });
    kept.length = Math.min(kept.length, REPORT_LISTED);
  }

  list(): SizedBucket[] {
    return this.#kept.map(({ bucket }) => bucket);
  }

  #isBetter(one: number | bigint, other: number | bigint): boolean {
    return this.#sign === 1 ? one > other : one < other;
  }
}
