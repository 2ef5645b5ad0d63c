import { Piscina } from 'piscina';
import { builtFile } from '../package.js';
import { WORKER_YOUNG_GENERATION_MB } from '../limits.js';

/** Worker threads that run one kind of task. */
export interface WorkerPool<Task, Outcome> {
  /**
   * Runs a task. Rejects only when the worker itself died; a failed task is an outcome. When `signal` is aborted, the
   * worker is ended.
   */
  run(task: Task, signal?: AbortSignal): Promise<Outcome>;
  /** Ends the threads at once; what they run is lost. */
  destroy(): Promise<void>;
}

/** The files of `src/worker/` that a pool can run, without their ending. Each exports its function as the default. */
export type WorkerFile = `run-${string}`;

/**
 * Starts `threads` threads that run `workerFile`, each with a heap of up to `heapMb` MB where that is given. `workerData` is copied to each; they make of it what they need when
 * their first task comes.
 */
export function startWorkerPool<Task, Outcome>(
  workerFile: WorkerFile,
  workerData: object,
  threads: number,
  heapMb?: number,
): WorkerPool<Task, Outcome> {
  const pool = new Piscina<Task, Outcome>({
    filename: builtFile(workerFile),
    workerData,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Infinity,
    // Descriptors are shared between threads and closed by the main one.
    trackUnmanagedFds: false,
    resourceLimits: {
      maxYoungGenerationSizeMb: WORKER_YOUNG_GENERATION_MB,
      ...(heapMb !== undefined && { maxOldGenerationSizeMb: heapMb }),
    },
  });
  // A worker that dies rejects its task; without a listener the same error would end the process too.
  pool.on('error', () => undefined);
  return { run: (task, signal) => pool.run(task, signal && { signal }), destroy: () => pool.destroy() };
}
