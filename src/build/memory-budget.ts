import { totalmem } from 'node:os';
import { memoryTooSmall } from '../errors.js';
import {
  BASE_MEMORY_BYTES,
  DEFAULT_MEMORY_SHARE,
  WORKER_BUDGET_MIN_BYTES,
  WORKER_MEMORY_BYTES,
} from '../limits.js';

/** How a build shares out the memory that it may use; bytes. */
export interface MemoryBudget {
  /** For all together. */
  readonly totalBytes: number;
  /** What a worker may fill. */
  readonly workerBytes: number;
}

/** The budget of `threads` workers. Throws OUTPUT where `maxBytes`, half of the memory unless given, is too little for them. */
export function shareMemory(maxBytes: number | undefined, threads: number): MemoryBudget {
  const totalBytes = maxBytes ?? Math.floor(readMemoryBytes() * DEFAULT_MEMORY_SHARE);
  const workerBytes = Math.floor((totalBytes - BASE_MEMORY_BYTES) / threads) - WORKER_MEMORY_BYTES;
  if (workerBytes < WORKER_BUDGET_MIN_BYTES) {
    const least = BASE_MEMORY_BYTES + threads * (WORKER_MEMORY_BYTES + WORKER_BUDGET_MIN_BYTES);
    throw memoryTooSmall(totalBytes, threads, least);
  }
  return { totalBytes, workerBytes };
}

/** What there is: the limit of the cgroup where there is one, else all of the machine's. */
function readMemoryBytes(): number {
  const limit = process.constrainedMemory();
  const total = totalmem();
  return limit > 0 && limit < total ? limit : total;
}
