import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { JobOutcome, JobTask, WorkerRecipe } from './messages.js';

const WORKER_FILE = fileURLToPath(new URL('../worker/run-job.js', import.meta.url));

/** The worker threads of a build. */
export interface JobPool {
  /** Runs a job. Rejects only when the worker itself died; a failed job is an outcome. */
  run(task: JobTask): Promise<JobOutcome>;
  /** Ends the threads at once; what they run is lost. */
  destroy(): Promise<void>;
}

/** Starts `cpus` threads, each of which lays the build out for itself when its first job comes. */
export function startJobPool(recipe: WorkerRecipe, cpus: number): JobPool {
  const pool = new Piscina<JobTask, JobOutcome>({
    filename: WORKER_FILE,
    workerData: recipe,
    minThreads: cpus,
    maxThreads: cpus,
    idleTimeout: Infinity,
    // Descriptors are shared between threads and closed by the main one.
    trackUnmanagedFds: false,
  });
  // A worker that dies rejects its task; without a listener the same error would end the process too.
  pool.on('error', () => undefined);
  return { run: (task) => pool.run(task), destroy: () => pool.destroy() };
}
