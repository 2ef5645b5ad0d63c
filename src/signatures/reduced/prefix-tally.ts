import { digitSumRow, zeroTailRow } from './digit-rows.js';
import { listFans, type Fan } from './fans.js';
import type { PrefixSet } from './prefixes.js';

/** How many prefixes stand at each target of a set, and the bytes of the numbers that they are the prefixes of. */
export interface SetTally {
  /** `counts[t]`: prefixes at target t. */
  readonly counts: readonly bigint[];
  /** `bytes[t]`: those prefixes in decimal, each with two more digits and a one-byte separator. */
  readonly bytes: readonly bigint[];
}

export type PrefixTally = Readonly<Record<PrefixSet, SetTally>>;

type Vectors = Readonly<Record<PrefixSet, bigint[]>>;

/** Two digits behind the prefix and a separator. */
export const BYTES_BEHIND_PREFIX = 3;

/** Counts the prefixes 1 ≤ `from` ≤ m < `below` by target without enumerating them: O(digits) rows of O(digits) additions. */
export function tallyPrefixes(from: bigint, below: bigint): PrefixTally {
  const counts = makeVectors();
  const bytes = makeVectors();
  const fans = listFans(from, below);
  for (let i = 0; i < fans.length;) {
    const width = fans[i]?.width ?? 0;
    const ofWidth = makeVectors();
    for (; fans[i]?.width === width; i++) countFan(ofWidth, fans[i]!);
    for (const set of ['plain', 'tailed'] as const) {
      addRow(counts[set], 0, ofWidth[set], 1n);
      addRow(bytes[set], 0, ofWidth[set], BigInt(width + BYTES_BEHIND_PREFIX));
    }
  }
  return {
    plain: { counts: counts.plain, bytes: bytes.plain },
    tailed: { counts: counts.tailed, bytes: bytes.tailed },
  };
}

function makeVectors(): Vectors {
  return { plain: [], tailed: [] };
}

function countFan({ plain, tailed }: Vectors, { sum, tail, from, to, free }: Fan): void {
  addRowForDigits(plain, sum + from, digitSumRow(free), to - from + 1);
  // The tail of free digits that are not all zeros is within them.
  addRowForDigits(tailed, sum + from, zeroTailRow(free), to - from + 1);
  for (let digit = Math.max(from, 1); digit <= to; digit++) addAt(tailed, sum + digit + free, 1n);
  if (from === 0) addAt(tailed, sum + tail + 1 + free, 1n);
}

/** Adds `row` from `offset` on, again from the next place on, and so on, `times` in all, in one pass. */
function addRowForDigits(vector: bigint[], offset: number, row: readonly bigint[], times: number): void {
  if (times === 1) return addRow(vector, offset, row, 1n);
  let window = 0n;
  for (let t = 0; t < row.length + times - 1; t++) {
    if (t < row.length) window += row[t]!;
    if (t >= times) window -= row[t - times]!;
    addAt(vector, offset + t, window);
  }
}

function addRow(vector: bigint[], offset: number, row: readonly bigint[], factor: bigint): void {
  for (let t = 0; t < row.length; t++) addAt(vector, offset + t, factor * row[t]!);
}

function addAt(vector: bigint[], index: number, value: bigint): void {
  while (vector.length <= index) vector.push(0n);
  vector[index] = vector[index]! + value;
}
