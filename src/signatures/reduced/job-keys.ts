import { planTooManyJobs } from '../../errors.js';
import { MAX_MEASURED_JOBS } from '../../limits.js';
import type { Jobs } from '../../range/jobs.js';
import { sizeOf } from '../../range/range.js';
import type { KeyTotals } from '../signature.js';
import { findBlocks, measureBlocks, sumKeyBytes } from './block-keys.js';
import { KeySet } from './key-set.js';

/**
 * See `ClosedForm.measureJobKeys`. Jobs that fill decimal blocks are known together; the others, and those of one
 * block, are looked at one by one, a few µs each.
 */
export function measureJobKeys(jobs: Jobs): KeyTotals {
  const blocks = findBlocks(jobs, MAX_MEASURED_JOBS);
  if (blocks) {
    const before = measureOneByOne(jobs, 0n, blocks.firstJob);
    const inBlocks = measureBlocks(blocks);
    const behind = measureOneByOne(jobs, blocks.endJob, jobs.count);
    return {
      keys: before.keys + inBlocks.keys + behind.keys,
      bytes: before.bytes + inBlocks.bytes + behind.bytes,
    };
  }
  if (jobs.count <= BigInt(MAX_MEASURED_JOBS)) return measureOneByOne(jobs, 0n, jobs.count);
  throw planTooManyJobs(sizeOf(jobs.at(1n)), jobs.count, MAX_MEASURED_JOBS);
}

/** The jobs from `first` to before `end`. */
function measureOneByOne(jobs: Jobs, first: bigint, end: bigint): KeyTotals {
  let keys = 0;
  let bytes = 0;
  for (let i = first; i < end; i++) {
    new KeySet(jobs.at(i)).forEachRun((low, high, keysAtEach) => {
      keys += keysAtEach * (high - low + 1);
      bytes += keysAtEach * sumKeyBytes(low, high);
    });
  }
  return { keys: BigInt(keys), bytes: BigInt(bytes) };
}
