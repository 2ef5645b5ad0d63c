import { closeSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { builtFile } from '../built-file.js';
import { plugInFilledHeap, plugInFilledMemory } from '../errors.js';
import { MAIN_HEAP_SHARE } from '../limits.js';
import { boundResidentMemory } from '../pool/memory-budget.js';
import type { MemoryWatchRecipe } from '../pool/memory-messages.js';

const END_FUNCTION = 'sigtables.end-of-memory';
/** Its own heap: it keeps nothing. */
const WATCH_LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 };

let watched: { readonly isMain: Int32Array; readonly files: Set<string> } | undefined;

/**
 * Has a thread watch the resident memory until the process ends, once code of the plug-in `file` may run in it. Where there is more
 * than `maxBytes` (half of the memory unless given) and what plug-ins have loaded, the process ends with a failure that names the file.
 */
export function watchMemory(file: string, maxBytes: number | undefined): void {
  if (watched) {
    watched.files.add(file);
    return;
  }
  const files = new Set([file]);
  const isMainWatched = new SharedArrayBuffer(4);
  watched = { isMain: new Int32Array(isMainWatched), files };
  Object.defineProperty(globalThis, Symbol.for(END_FUNCTION), {
    value: (usedBytes: number, boundBytes: number, kind: 'resident' | 'heap') => {
      // The inspector would add words of its own behind ours.
      process.on('exit', () => closeSync(2));
      const error = kind === 'heap' ? plugInFilledHeap : plugInFilledMemory;
      // What else is said on standard error ends first, as with all that is not caught.
      process.emit('uncaughtException', error([...files].join(', '), usedBytes, boundBytes));
    },
  });
  const bounds = boundResidentMemory(maxBytes);
  const recipe: MemoryWatchRecipe = {
    bounds,
    mainHeapBytes: getHeapStatistics().heap_size_limit * MAIN_HEAP_SHARE,
    isMainWatched,
    endFunction: END_FUNCTION,
    lastWords: `sigtables: ${plugInFilledMemory(file, bounds.bytes, bounds.bytes).message}`,
  };
  const workerData = recipe;
  new Worker(builtFile('run-memory-watch.cjs'), { workerData, resourceLimits: WATCH_LIMITS }).unref();
}

/** Whether the main thread runs code of a plug-in from now on: its heap is watched then, too. */
export function watchMainHeap(isWatched: boolean): void {
  if (watched) Atomics.store(watched.isMain, 0, isWatched ? 1 : 0);
}
