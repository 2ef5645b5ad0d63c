import { totalmem } from 'node:os';
import { readMemoryLimit } from '../cgroup.js';
import { memoryTooSmall } from '../errors.js';
import {
  BASE_MEMORY_BYTES,
  DEFAULT_MEMORY_SHARE,
  LEAST_HEAP_MB,
  MEMORY_SLACK_BYTES,
  MEMORY_SLACK_SHARE,
  MOST_MEMORY_SHARE,
  WORKER_BUDGET_MIN_BYTES,
  WORKER_MEMORY_BYTES,
} from '../limits.js';

/** What each of `threads` workers may fill, in bytes. Throws OUTPUT where `maxBytes`, half of the memory unless given, is too little for them. */
export function shareMemory(maxBytes: number | undefined, threads: number): number {
  const totalBytes = resolveBytes(maxBytes);
  const workerBytes = Math.floor((totalBytes - BASE_MEMORY_BYTES) / threads) - WORKER_MEMORY_BYTES;
  if (workerBytes < WORKER_BUDGET_MIN_BYTES) {
    const least = BASE_MEMORY_BYTES + threads * (WORKER_MEMORY_BYTES + WORKER_BUDGET_MIN_BYTES);
    throw memoryTooSmall(totalBytes, threads, least);
  }
  return workerBytes;
}

/** What the heap of each of `threads` threads may grow to, in MB: they share `maxBytes`, half of the memory unless given. */
export function shareHeapMb(maxBytes: number | undefined, threads: number): number {
  return Math.max(LEAST_HEAP_MB, Math.ceil(resolveBytes(maxBytes) / threads / 2 ** 20));
}

/** How much resident memory a process that runs a plug-in may have, in bytes. */
export interface ResidentBounds {
  /** With nothing loaded. */
  readonly bytes: number;
  /** With whatever is loaded. */
  readonly mostBytes: number;
}

/** The bounds where `maxBytes`, half of the memory unless given, are to be kept to. */
export function boundResidentMemory(maxBytes: number | undefined): ResidentBounds {
  const totalBytes = resolveBytes(maxBytes);
  const bytes = Math.floor(totalBytes * (1 + MEMORY_SLACK_SHARE)) + MEMORY_SLACK_BYTES;
  // What is loaded may not be more than --max-memory again, nor leave the machine without memory.
  const mostBytes = Math.min(bytes + totalBytes, readMemoryBytes() * MOST_MEMORY_SHARE);
  return { bytes, mostBytes: Math.max(bytes, mostBytes) };
}

function resolveBytes(maxBytes: number | undefined): number {
  return maxBytes ?? Math.floor(readMemoryBytes() * DEFAULT_MEMORY_SHARE);
}

/** What there is: the limit of the cgroup, or of one above it, where there is one; else all of the machine's. */
function readMemoryBytes(): number {
  return Math.min(readMemoryLimit('/') ?? Infinity, totalmem());
}
