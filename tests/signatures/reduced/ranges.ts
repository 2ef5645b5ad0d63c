import fc from 'fast-check';
import type { Range } from '../../../src/range/range.js';
import { keyOf } from '../../../src/signatures/reduced/key.js';

/** Ranges of up to `maxSize` numbers: small ones, and others across and beside powers of ten. */
export function arbitraryRanges(maxSize: bigint): fc.Arbitrary<Range> {
  const powers = fc.integer({ min: 2, max: 36 }).map((exponent) => 10n ** BigInt(exponent));
  const places = fc.oneof(
    powers,
    fc.constantFrom(2n ** 53n, 2n ** 64n, 10n ** 100n, 999n * 10n ** 15n),
    fc.tuple(fc.bigInt(1n, 99n), powers).map(([head, power]) => head * power),
  );
  const starts = fc.oneof(
    fc.bigInt(10n, 3000n),
    fc.tuple(places, fc.bigInt(0n, maxSize)).map(([at, before]) => (at - before < 10n ? 10n : at - before)),
  );
  return fc.tuple(starts, fc.bigInt(1n, maxSize)).map(([start, size]) => ({ start, end: start + size }));
}

/** The numbers of each bucket, in the order of their first ones. */
export function scanBuckets({ start, end }: Range): Map<string, bigint[]> {
  const buckets = new Map<string, bigint[]>();
  for (let n = start; n < end; n++) {
    const key = keyOf(n);
    const bucket = buckets.get(key);
    if (bucket) bucket.push(n);
    else buckets.set(key, [n]);
  }
  return buckets;
}
