import { jobFailed } from '../errors.js';
import { WORKER_DEATH_RETRIES } from '../limits.js';
import type { WorkerPool } from '../pool/job-pool.js';
import { STOPPED, type JobFailure, type JobOutcome, type JobTask, type JobYield } from '../pool/messages.js';

type JobPool = WorkerPool<JobTask, JobOutcome>;

/** A job that failed, with what the system said of it. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly failure: JobFailure;

  constructor(failure: JobFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * Runs `jobs` on `lanes` threads and hands each result to `onDone`. Gives out no more jobs once `isStopped` says so or
 * one has failed, and lets the running ones end. Throws the first failure: a JobError, or JOB where workers died.
 */
export async function runJobs(
  pool: JobPool,
  jobs: Iterator<number>,
  lanes: number,
  isStopped: () => boolean,
  onDone: (result: JobYield) => void,
): Promise<void> {
  const failures: unknown[] = [];
  const runLane = async (): Promise<void> => {
    while (failures.length === 0 && !isStopped()) {
      const next = jobs.next();
      if (next.done === true) return;
      try {
        onDone(await runJob(pool, next.value));
      } catch (error) {
        // Cut short is not failed: the next run does it again.
        if (!(error instanceof JobError && error.failure.code === STOPPED)) failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
  if (failures.length > 0) throw failures[0];
}

/** A worker that dies takes its job with it: the job is given to another one, in case it was not the job's fault. */
async function runJob(pool: JobPool, job: number): Promise<JobYield> {
  for (let deaths = 0; ; deaths++) {
    try {
      const outcome = await pool.run({ job });
      if (!outcome.ok) throw new JobError(outcome.failure);
      return outcome;
    } catch (error) {
      if (error instanceof JobError) throw error;
      if (deaths >= WORKER_DEATH_RETRIES) throw jobFailed(job, deaths + 1, error as Error);
    }
  }
}
