import { LIST } from '../aggregates/open-aggregate.js';
import { chooseChunk } from '../layouts/default-chunk.js';
import {
  QUEUE_CHUNK_AMPLE,
  QUEUE_CHUNK_MIN,
  QUEUE_JOBS_PER_THREAD,
  QUEUE_JOBS_PER_THREAD_MIN,
  QUEUE_PLACED_CHUNK_AMPLE,
  QUEUE_SHARDS_SPARE,
} from '../limits.js';
import { sizeOf } from '../range/range.js';
import type { QueuedBuildOptions } from './options.js';

/** Aggregates whose values do not depend on where jobs are cut. */
const UNCUT_AGGREGATES = [LIST, 'count', 'min', 'max'];

/** What is built by `threads` threads. */
export interface ChunkWanted extends Pick<QueuedBuildOptions, 'range' | 'layout' | 'aggregate' | 'merges'> {
  readonly threads: number;
  /** Whether a closed form places the numbers. */
  readonly isPlaced: boolean;
}

/**
 * The numbers per job: few enough that each thread gets its jobs, where the bytes do not depend on it. Where they do, those of a build
 * here, and in `advice` what would be better.
 */
export function chooseQueueChunk(wanted: ChunkWanted): { chunk: bigint; advice?: bigint } {
  const { range, layout, aggregate, merges, threads, isPlaced } = wanted;
  const size = sizeOf(range);
  const usual = chooseChunk(range, layout === 'job' ? 'job' : 'single');
  const jobs = countJobs(size, BigInt(threads), isPlaced);
  let chunk = usual;
  while (chunk > QUEUE_CHUNK_MIN && size / chunk < jobs) chunk = shrink(chunk);
  if (!merges && layout !== 'job') return { chunk: growChunk(chunk, size / (jobs * QUEUE_SHARDS_SPARE)) };
  if (chunk === usual || (layout !== 'job' && UNCUT_AGGREGATES.includes(aggregate))) return { chunk };
  return { chunk: usual, advice: chunk };
}

function countJobs(size: bigint, threads: bigint, isPlaced: boolean): bigint {
  const ample = isPlaced ? QUEUE_PLACED_CHUNK_AMPLE : QUEUE_CHUNK_AMPLE;
  const [most, least] = [QUEUE_JOBS_PER_THREAD * threads, QUEUE_JOBS_PER_THREAD_MIN * threads];
  const worthwhile = size / ample;
  return worthwhile > most ? most : worthwhile < least ? least : worthwhile;
}

/** The next of 1, 2, 5, 10, 20, … downwards. */
function shrink(chunk: bigint): bigint {
  return String(chunk).startsWith('5') ? (chunk / 5n) * 2n : chunk / 2n;
}

/** The least of `chunk` and the next of 1, 2, 5, 10, … that is at least `numbers`. */
function growChunk(chunk: bigint, numbers: bigint): bigint {
  let grown = chunk;
  while (grown < numbers) grown = String(grown).startsWith('2') ? (grown * 5n) / 2n : grown * 2n;
  return grown;
}
