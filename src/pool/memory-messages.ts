import { BroadcastChannel } from 'node:worker_threads';
import type { ResidentBounds } from './memory-budget.js';

/** What the thread that watches the memory is told. */
export interface MemoryWatchRecipe {
  readonly bounds: ResidentBounds;
  /** What the heap of the main thread may have, in bytes. */
  readonly mainHeapBytes: number;
  /** One 32-bit integer: 1 while the main thread runs code of a plug-in. */
  readonly isMainWatched: SharedArrayBuffer;
  /** The key of the global symbol by which the main thread's function is found that ends the process. */
  readonly endFunction: string;
  /** What is printed where the main thread does not answer. */
  readonly lastWords: string;
}

/** On this channel each thread tells how many bytes it has loaded. */
export const LOADED_CHANNEL = 'sigtables-loaded';

let hasTold = false;

/** Tells the thread that watches the memory, if there is one, what this thread holds before it works, once: that comes on top. */
export function tellLoadedMemory(): void {
  if (hasTold) return;
  hasTold = true;
  const { heapUsed, external } = process.memoryUsage();
  const channel = new BroadcastChannel(LOADED_CHANNEL);
  channel.postMessage(heapUsed + external);
  channel.close();
}
