import { digitSumRow, zeroTailRow } from './digit-rows.js';
import type { PrefixSet } from './prefixes.js';

/** How many prefixes 1 ≤ m < limit stand at each target of a set, and the digits they have together. */
export interface SetTally {
  /** `counts[t]`: prefixes at target t. */
  readonly counts: readonly bigint[];
  /** `digits[t]`: the sum of their lengths in decimal digits. */
  readonly digits: readonly bigint[];
}

export type PrefixTally = Readonly<Record<PrefixSet, SetTally>>;

type Vectors = Readonly<Record<PrefixSet, bigint[]>>;

/**
 * Counts all prefixes 1 ≤ m < `limit`, by target, without enumerating them: O(digits) rows of O(digits) additions.
 * The numbers below `limit` are the strings of fewer digits, and for each digit of `limit` a block per smaller digit.
 */
export function tallyPrefixes(limit: bigint): PrefixTally {
  const digits = limit > 0n ? limit.toString() : '';
  const counts = makeVectors();
  const lengths = makeVectors();
  for (let length = 1; length < digits.length; length++) {
    const ofLength = makeVectors();
    addAllOfLength(ofLength, length);
    accumulate(counts, lengths, ofLength, length);
  }
  const ofLength = makeVectors();
  addBelowInLength(ofLength, digits);
  accumulate(counts, lengths, ofLength, digits.length);
  return {
    plain: { counts: counts.plain, digits: lengths.plain },
    tailed: { counts: counts.tailed, digits: lengths.tailed },
  };
}

function makeVectors(): Vectors {
  return { plain: [], tailed: [] };
}

function add(vector: bigint[], index: number, value: bigint): void {
  while (vector.length <= index) vector.push(0n);
  vector[index] = (vector[index] ?? 0n) + value;
}

function accumulate(counts: Vectors, lengths: Vectors, ofLength: Vectors, length: number): void {
  for (const set of ['plain', 'tailed'] as const) {
    ofLength[set].forEach((count, target) => {
      add(counts[set], target, count);
      add(lengths[set], target, count * BigInt(length));
    });
  }
}

/** All numbers of exactly `length` digits: the strings of that length less those with a zero in front. */
function addAllOfLength(vectors: Vectors, length: number): void {
  digitSumRow(length).forEach((count, t) => add(vectors.plain, t, count));
  digitSumRow(length - 1).forEach((count, t) => add(vectors.plain, t, -count));
  zeroTailRow(length).forEach((count, t) => add(vectors.tailed, t, count));
  zeroTailRow(length - 1).forEach((count, t) => add(vectors.tailed, t, -count));
}

/** The numbers of as many digits as `limit` has, below it. */
function addBelowInLength(vectors: Vectors, limit: string): void {
  let sum = 0;
  let tailZeros = 0;
  for (let i = 0; i < limit.length; i++) {
    const digit = Number(limit[i]);
    for (let lower = i === 0 ? 1 : 0; lower < digit; lower++) {
      addBlock(vectors, sum + lower, lower === 0 ? tailZeros + 1 : 0, limit.length - 1 - i);
    }
    sum += digit;
    tailZeros = digit === 0 ? tailZeros + 1 : 0;
  }
}

/** The numbers that begin with a head of this digit sum and this many zeros at its end, then have k free digits. */
function addBlock(vectors: Vectors, headSum: number, headTailZeros: number, k: number): void {
  digitSumRow(k).forEach((count, t) => add(vectors.plain, headSum + t, count));
  zeroTailRow(k).forEach((count, t) => add(vectors.tailed, headSum + t, count));
  add(vectors.tailed, headSum + headTailZeros + k, 1n);
}
