import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { builtFile } from '../built-file.js';
import { WORKER_YOUNG_GENERATION_MB } from '../limits.js';
import { shareHeapMb } from './memory-budget.js';

/** Worker threads that run one kind of task. */
export interface WorkerPool<Task, Outcome> {
  /**
   * Runs a task. Rejects only when the worker itself died; a failed task is an outcome. When `signal` is aborted, the
   * worker is ended.
   */
  run(task: Task, signal?: AbortSignal): Promise<Outcome>;
  /** Ends the threads, once they have loaded; what they run is lost, and rejects. Called again, it waits for the same end. */
  destroy(): Promise<void>;
}

/** The files of `src/worker/` that a pool can run, without their ending. Each exports its function as the default. */
export type WorkerFile = `run-${string}`;

interface PoolOptions {
  /** What the heaps of all threads together may grow to, in bytes; half of the memory unless given. */
  readonly maxMemoryBytes?: number | undefined;
  /** How many tasks wait in a thread itself, so that short ones follow each other at once; 1 unless given. */
  readonly tasksPerThread?: number;
  /** Where nobody knows yet how many tasks there will be: one thread loads at once, each further one when a task finds none free. */
  readonly onDemand?: boolean;
}

/**
 * Starts `threads` threads, or up to so many, that run `workerFile`: never more than there are tasks. `workerData` is copied to each; they make of it what they need when
 * their first task comes.
 */
export function startWorkerPool<Task, Outcome>(
  workerFile: WorkerFile,
  workerData: object,
  threads: number,
  { maxMemoryBytes, tasksPerThread = 1, onDemand = false }: PoolOptions = {},
): WorkerPool<Task, Outcome> {
  const pool = new Piscina<Task, Outcome>({
    // CommonJS, which threads load at once: ES modules cost each of them some milliseconds, and Piscina requires first and then imports.
    filename: builtFile(`${workerFile}.cjs`),
    workerData,
    minThreads: onDemand ? 1 : threads,
    maxThreads: threads,
    idleTimeout: Infinity,
    concurrentTasksPerWorker: tasksPerThread,
    // Descriptors are shared between threads and closed by the main one.
    trackUnmanagedFds: false,
    resourceLimits: {
      maxYoungGenerationSizeMb: WORKER_YOUNG_GENERATION_MB,
      // Each may fill its share and no more: together they would fill the machine.
      maxOldGenerationSizeMb: shareHeapMb(maxMemoryBytes, threads),
    },
  });
  // A worker that dies rejects its task; without a listener the same error would end the process too.
  pool.on('error', () => undefined);
  const loading = new Map<Worker, Promise<void>>();
  const noteThreads = (): void => {
    for (const thread of pool.threads) if (!loading.has(thread)) loading.set(thread, waitUntilLoaded(thread));
  };
  noteThreads();
  let destroyed: Promise<void> | undefined;
  return {
    run: (task, signal) => {
      const outcome = pool.run(task, signal && { signal });
      noteThreads();
      return outcome;
    },
    destroy: () => {
      // Idle threads do not keep the process up; who waits for them must.
      if (!destroyed) for (const thread of pool.threads) thread.ref();
      return (destroyed ??= Promise.all(loading.values()).then(() => pool.destroy()));
    },
  };
}

/**
 * Resolves when the thread has told that its file is loaded, or is gone. Ended in the middle of that, Node 20 may abort the whole process:
 * "Assertion failed: facade->InstantiateModule", seen about once in a hundred times on a busy machine.
 */
function waitUntilLoaded(thread: Worker): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['message', 'error', 'exit']) thread.once(event, () => resolve());
  });
}
