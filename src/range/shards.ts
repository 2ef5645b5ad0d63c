import { SHARD_CELLS_MIN } from '../limits.js';
import { splitIntoJobs } from './jobs.js';
import { sizeOf, type Range } from './range.js';

/** The `index`-th of `count` equal parts, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Cuts at multiples of it leave no hundred to two shards: its numbers share a prefix. */
const SMALLEST_UNIT = 100n;

/**
 * The part of `whole` that `shard` stands for; the parts of one count abut and make up the whole. They are cut at
 * multiples of `chunk` where that leaves them about equal, else of the largest power of ten that does. Throws a
 * RangeError where the whole has fewer numbers than parts, which would leave some empty.
 */
export function cutShard(whole: Range, { index, count }: Shard, chunk: bigint): Range {
  if (index < 1 || index > count) throw new RangeError(`no part ${index} of ${count}`);
  const shards = BigInt(count);
  if (sizeOf(whole) < shards) throw new RangeError(`${sizeOf(whole)} numbers make no ${count} parts`);
  const cells = splitIntoJobs(whole, chooseUnit(whole, shards, chunk));
  const cutAt = (cut: bigint): bigint => {
    const cell = (cells.count * cut) / shards;
    return cell === cells.count ? whole.end : cells.at(cell).start;
  };
  return { start: cutAt(BigInt(index - 1)), end: cutAt(BigInt(index)) };
}

function chooseUnit(whole: Range, shards: bigint, chunk: bigint): bigint {
  const countCells = (unit: bigint): bigint => splitIntoJobs(whole, unit).count;
  const isFine = (unit: bigint): boolean => countCells(unit) >= SHARD_CELLS_MIN * shards;
  if (isFine(chunk)) return chunk;
  for (let unit = findPowerBelow(chunk); unit > SMALLEST_UNIT; unit /= 10n) if (isFine(unit)) return unit;
  return countCells(SMALLEST_UNIT) >= shards ? SMALLEST_UNIT : 1n;
}

/** The largest power of ten below `n`; 1 where there is none. */
function findPowerBelow(n: bigint): bigint {
  return 10n ** BigInt(Math.max(0, (n - 1n).toString().length - 1));
}
