import { createHash } from 'node:crypto';
import { LIST } from '../aggregates/open-aggregate.js';
import type { LayoutName } from '../layouts/layout-name.js';
import type { ManifestBucket } from '../tables/manifest.js';

/** What is said of a bucket, or of its part in the file of a job. */
export type BucketFacts = Pick<ManifestBucket, 'key' | 'count' | 'bytes' | 'offset' | 'first' | 'last'>;

/** How a table set is laid out, and what its buckets hold. */
export interface SumKind {
  readonly layout: LayoutName;
  readonly aggregate: string;
}

const WORD_BITS = 64;

/**
 * A sum over buckets in any order: equal for what tables hold and what a manifest says of them, unless one is wrong. In the layout `job` what each
 * file has of a bucket adds up to what is said of the bucket. Only what tables show goes into it: not the count of numbers behind a value.
 */
export function sumUpBucket({ layout, aggregate }: SumKind, facts: BucketFacts): bigint {
  const { key, count, bytes, offset = 0n, first, last } = facts;
  const [ofCount, ofBytes, ofOffset, ofFirst, ofLast] = weigh(key);
  let sum = ofBytes * bytes;
  if (aggregate === LIST || aggregate === 'count') sum += ofCount * count;
  if (layout !== 'job') sum += ofOffset * (offset + 1n);
  if (layout !== 'job' && aggregate === LIST) sum += ofFirst * first + ofLast * last;
  return BigInt.asUintN(WORD_BITS, sum);
}

/** Two sums as one. */
export function addSums(a: bigint, b: bigint): bigint {
  return BigInt.asUintN(WORD_BITS, a + b);
}

/** Five odd numbers that depend on the key. */
function weigh(key: string): [bigint, bigint, bigint, bigint, bigint] {
  const digest = createHash('sha512').update(key).digest();
  const at = (i: number): bigint => digest.readBigUInt64LE(8 * i) | 1n;
  return [at(0), at(1), at(2), at(3), at(4)];
}
