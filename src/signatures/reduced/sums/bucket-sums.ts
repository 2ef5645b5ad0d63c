import type { Range } from '../../../range/range.js';
import type { BucketSums } from '../../signature.js';
import { splitAtPrefixes, type CutPrefix, type RangeParts } from '../range-parts.js';
import { BARE_TARGET, lastOfBare, parseKey, residuesOf, type KeyParts } from '../residues.js';
import { sumPrefixes, type PrefixSums, type SetSums } from './prefix-sums.js';

const PREFIX_FACTOR = 100n;

/** See `ClosedForm.sumsWithin`. The adding waits for the first question. */
export function sumsWithin(range: Range): BucketSums {
  const parts = splitAtPrefixes(range);
  let whole: PrefixSums | undefined;
  return {
    sum: (key) => {
      const keyParts = parseKey(key);
      if (!keyParts) return 0n;
      return sumUp(parts, (whole ??= sumPrefixes(parts.from, parts.below)), keyParts);
    },
  };
}

/** What the members of the bucket `key` in `range` add up to: `sumsWithin(range).sum(key)`, without a look at other buckets. */
export function sumOfBucket(key: string, range: Range): bigint {
  const keyParts = parseKey(key);
  // A key of hundreds of digits is none that a number has.
  if (!keyParts || !Number.isSafeInteger(keyParts.target)) return 0n;
  const parts = splitAtPrefixes(range);
  const { target } = keyParts;
  return sumUp(parts, sumPrefixes(parts.from, parts.below, { low: target, high: target }), keyParts);
}

function sumUp(parts: RangeParts, whole: PrefixSums, { target, last }: KeyParts): bigint {
  const cuts = [parts.before, parts.behind].filter((cut) => cut !== undefined);
  let sum = target === BARE_TARGET ? sumBare(parts, last) : 0n;
  for (const { value, set } of residuesOf(last)) {
    sum += sumAt(whole[set], target, BigInt(value));
    for (const cut of cuts)
      if (holds(cut, target, value, set)) sum += cut.prefix * PREFIX_FACTOR + BigInt(value);
  }
  return sum;
}

/** What the prefixes at `target` add up to with `residue` behind each. */
function sumAt({ low, counts, sums }: SetSums, target: number, residue: bigint): bigint {
  return PREFIX_FACTOR * (sums[target - low] ?? 0n) + residue * (counts[target - low] ?? 0n);
}

function holds(cut: CutPrefix, target: number, residue: number, set: 'plain' | 'tailed'): boolean {
  return cut[set] === target && residue >= cut.from && residue < cut.end;
}

function sumBare({ bareFrom, bareEnd }: RangeParts, last: number): bigint {
  let sum = 0n;
  for (let n = bareFrom; n < bareEnd; n++) if (lastOfBare(n) === last) sum += BigInt(n);
  return sum;
}
