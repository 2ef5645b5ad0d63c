import type { Jobs } from '../../range/jobs.js';
import { sizeOf, type Range } from '../../range/range.js';
import type { KeyTotals } from '../signature.js';
import { KeySet } from './key-set.js';
import { tallyPrefixes } from './prefix-tally.js';
import { lastOfResidue, PLAIN_FROM } from './residues.js';

/**
 * Decimal blocks that jobs fill: numbers p·10^k up to (p + 1)·10^k, for each p of an interval. All prefixes of a block
 * begin with p, so the keys of its jobs are those of any other block's, moved by the digit sum D(p); all but those of
 * the block's first 11 numbers, whose prefix has zeros alone behind p: they move by D(p) + Z(p).
 */
export interface Blocks {
  /** The jobs of the blocks: from this one to before `endJob`. */
  readonly firstJob: bigint;
  readonly endJob: bigint;
  /** p, from `from` ≥ 1 to before `below`. */
  readonly from: bigint;
  readonly below: bigint;
  /** k, at least 2. */
  readonly digits: number;
  /** Numbers per job. */
  readonly chunk: bigint;
}

/** Below this many jobs there is no whole one between the first and the last. */
const JOBS_WITH_WHOLE = 3n;

/** Step counts have two digits or more, last values two, and a JSON string two quotes. */
const SHORTEST_KEY_BYTES = 6;
/** The first target whose step count has three digits. */
const FIRST_LONGER = 99;

/**
 * The blocks in a range's jobs; nothing where no power of ten is a multiple of their size, or where less than half of
 * the jobs would be saved, or more than `maxJobs` left to look at.
 */
export function findBlocks(jobs: Jobs, maxJobs: number): Blocks | undefined {
  if (jobs.count < JOBS_WITH_WHOLE) return undefined;
  const chunk = sizeOf(jobs.at(1n));
  const digits = countBlockDigits(chunk);
  if (digits === undefined) return undefined;
  const size = 10n ** BigInt(digits);
  const perBlock = size / chunk;
  const { start } = jobs.at(0n);
  const { end } = jobs.at(jobs.count - 1n);
  const from = start <= size ? 1n : (start + size - 1n) / size;
  const below = end / size;
  if (from >= below) return undefined;
  const firstJob = from * perBlock - start / chunk;
  const endJob = below * perBlock - start / chunk;
  const looks = jobs.count - (endJob - firstJob) + perBlock;
  const isWorthIt = looks <= jobs.count / 2n && looks <= BigInt(maxJobs);
  return isWorthIt ? { firstJob, endJob, from, below, digits, chunk } : undefined;
}

/** The smallest k ≥ 2 with 10^k a multiple of `chunk`; nothing where there is none. */
function countBlockDigits(chunk: bigint): number | undefined {
  let rest = chunk;
  let digits = 0;
  for (; rest % 10n === 0n; digits++) rest /= 10n;
  // What is left is a power of 2 or of 5, and a 10 brings one more of it.
  const prime = rest % 2n === 0n ? 2n : 5n;
  for (; rest % prime === 0n; digits++) rest /= prime;
  return rest === 1n ? Math.max(digits, 2) : undefined;
}

/** Keys by how far their targets lie from the digit sum of their block's p. */
class RelativeKeys {
  /** `#changes[t]`: how many more keys there are at t than at t − 1. */
  readonly #changes: number[] = [];
  #count = 0;

  add(low: number, high: number, keysAtEach: number): void {
    this.#change(low, keysAtEach);
    this.#change(high + 1, -keysAtEach);
    this.#count += keysAtEach * (high - low + 1);
  }

  #change(target: number, by: number): void {
    while (this.#changes.length <= target) this.#changes.push(0);
    this.#changes[target]! += by;
  }

  get count(): number {
    return this.#count;
  }

  /** `counts[t]`: how many of the keys lie at t or further. */
  countFrom(): number[] {
    const counts: number[] = [];
    let at = 0;
    let left = this.#count;
    for (const change of this.#changes) {
      counts.push(left);
      at += change;
      left -= at;
    }
    return counts;
  }
}

/** The keys of all jobs of `blocks`. */
export function measureBlocks(blocks: Blocks): KeyTotals {
  const { relative, zeroKeys } = listRelativeKeys(blocks);
  const { plain } = tallyPrefixes(blocks.from, blocks.below);
  const countFrom = relative.countFrom();
  let keys = 0n;
  let bytes = 0n;
  plain.counts.forEach((count, sum) => {
    if (count === 0n) return;
    let bytesEach = SHORTEST_KEY_BYTES * relative.count;
    for (let longer = FIRST_LONGER; longer - sum < countFrom.length; longer = 10 * longer + 9) {
      bytesEach += longer <= sum ? relative.count : (countFrom[longer - sum] ?? 0);
    }
    keys += count * BigInt(relative.count);
    bytes += count * BigInt(bytesEach);
  });
  for (const [zeros, keysEach] of zeroKeys) {
    const others = measureZeroKeys(blocks, zeros);
    keys += others.keys * BigInt(keysEach);
    bytes += others.bytes * BigInt(keysEach);
  }
  return { keys, bytes };
}

/**
 * The keys of one block's jobs less its first 11 numbers, and how many keys of those 11 are no others of their job if
 * p has at least so many zeros at its end.
 */
function listRelativeKeys({ digits, chunk }: Blocks): {
  relative: RelativeKeys;
  zeroKeys: Map<number, number>;
} {
  const relative = new RelativeKeys();
  const zeroKeys = new Map<number, number>();
  // The block of p = 1, whose digit sum is 1, stands for all.
  const start = 10n ** BigInt(digits);
  const tailedEnd = start + BigInt(PLAIN_FROM);
  for (let from = start; from < 2n * start; from += chunk) {
    const end = from + chunk;
    const plainFrom = from < tailedEnd ? tailedEnd : from;
    const others = new KeySet({ start: plainFrom, end: end < plainFrom ? plainFrom : end });
    others.forEachRun((low, high, keysAtEach) => relative.add(low - 1, high - 1, keysAtEach));
    for (const last of listLasts({ start: from, end: end < tailedEnd ? end : tailedEnd })) {
      let zeros = 0;
      // The other keys with this last value have all targets from D(p) up to some: the jobs' prefixes count up from p.
      while (others.hasTailed(1 + digits - 2 + zeros, last)) zeros++;
      zeroKeys.set(zeros, (zeroKeys.get(zeros) ?? 0) + 1);
    }
  }
  return { relative, zeroKeys };
}

/** The last values of numbers whose residues are below `PLAIN_FROM`. */
function listLasts({ start, end }: Range): Set<number> {
  const lasts = new Set<number>();
  for (let n = start; n < end; n++) lasts.add(lastOfResidue(Number(n % 100n)));
  return lasts;
}

/** One key for each p with at least `zeros` zeros at its end, at the target of p with zeros alone behind it. */
function measureZeroKeys({ from, below, digits }: Blocks, zeros: number): KeyTotals {
  const unit = 10n ** BigInt(zeros);
  const { tailed } = tallyPrefixes((from + unit - 1n) / unit, (below + unit - 1n) / unit);
  let keys = 0n;
  let bytes = 0n;
  tailed.counts.forEach((count, target) => {
    const moved = target + zeros + digits - 2;
    keys += count;
    bytes += count * BigInt(sumKeyBytes(moved, moved));
  });
  return { keys, bytes };
}

/** Bytes of a key at each target from `low` to `high`, one of each, as JSON strings. */
export function sumKeyBytes(low: number, high: number): number {
  let bytes = SHORTEST_KEY_BYTES * (high - low + 1);
  for (let longer = FIRST_LONGER; longer <= high; longer = 10 * longer + 9) {
    bytes += high - Math.max(low, longer) + 1;
  }
  return bytes;
}
