import { isOutOfMemory, jobFailed, jobTimedOut, plugInFailedInJob, SigtablesError } from '../errors.js';
import { FULL_HEAP_RETRIES, WORKER_DEATH_RETRIES } from '../limits.js';
import type { WorkerPool } from '../pool/job-pool.js';
import { STOPPED, type JobFailure, type JobOutcome, type JobTask, type JobYield } from '../pool/messages.js';
import type { RunOptions } from './options.js';

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

/** How jobs are run. */
export interface JobPolicy extends Pick<RunOptions, 'cpus' | 'retries'> {
  readonly jobTimeoutMs?: number | undefined;
  /** The file of the signature, for messages; absent for the built-in one. */
  readonly signatureFile?: string | undefined;
  /** The number that the last worker of a job was at, where that is known. */
  numberAt?(job: number): bigint | undefined;
  /** A job is taken up by one of the `cpus` lanes. */
  onStart?(job: number, lane: number): void;
  /** A job failed, and is not tried again. */
  onFailure?(job: number): void;
  /** A job is tried again: one line for the user. */
  onRetry?(message: string): void;
}

/**
 * Runs `jobs` on as many threads as `policy` says and hands each result to `onDone`. Gives out no more jobs once `isStopped`
 * says so or one has failed, and lets the running ones end. Throws the first failure: a JobError, or a JOB error where a
 * plug-in failed, or a worker died or took too long.
 */
export async function runJobs(
  pool: JobPool,
  jobs: Iterator<number>,
  policy: JobPolicy,
  isStopped: () => boolean,
  onDone: (result: JobYield) => void,
): Promise<void> {
  const failures: unknown[] = [];
  const isOver = (): boolean => failures.length > 0 || isStopped();
  const runLane = async (lane: number): Promise<void> => {
    while (!isOver()) {
      const next = jobs.next();
      if (next.done === true) return;
      policy.onStart?.(next.value, lane);
      try {
        onDone(await runJob(pool, next.value, policy, isOver));
      } catch (error) {
        // Cut short is not failed: the next run does it again.
        if (!(error instanceof JobError && error.failure.code === STOPPED)) failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: policy.cpus }, (_, lane) => runLane(lane)));
  if (failures.length > 0) throw failures[0];
}

/** A worker that dies takes its job with it: the job is given to another one, in case it was not the job's fault. */
async function runJob(
  pool: JobPool,
  job: number,
  policy: JobPolicy,
  isOver: () => boolean,
): Promise<JobYield> {
  for (let tries = 1; ; tries++) {
    const attempt = await tryJob(pool, job, policy);
    if ('outcome' in attempt) return attempt.outcome;
    if (tries > (policy.retries ?? attempt.retries) || isOver()) {
      policy.onFailure?.(job);
      throw attempt.describe(tries);
    }
    policy.onRetry?.(`job ${job} is tried again: ${attempt.what}`);
  }
}

type Attempt =
  | { readonly outcome: JobYield }
  | {
      /** What failed, in a few words. */
      readonly what: string;
      /** How often that is tried again by default. */
      readonly retries: number;
      /** The failure after so many tries. */
      readonly describe: (tries: number) => Error;
    };

async function tryJob(pool: JobPool, job: number, policy: JobPolicy): Promise<Attempt> {
  const { jobTimeoutMs, signatureFile } = policy;
  const aborter = new AbortController();
  const timer = jobTimeoutMs === undefined ? undefined : setTimeout(() => aborter.abort(), jobTimeoutMs);
  try {
    const outcome = await pool.run({ job }, jobTimeoutMs === undefined ? undefined : aborter.signal);
    if (outcome.ok) return { outcome };
    const { failure } = outcome;
    if (failure.code === STOPPED) throw new JobError(failure);
    return { what: failure.message, retries: 0, describe: () => describeFailure(failure, signatureFile) };
  } catch (error) {
    if (error instanceof JobError) throw error;
    const number = policy.numberAt?.(job);
    if (aborter.signal.aborted && jobTimeoutMs !== undefined)
      return {
        what: `it took longer than ${jobTimeoutMs / 1000} s`,
        retries: 0,
        describe: () => jobTimedOut(job, jobTimeoutMs, number),
      };
    return {
      what: `its worker died (${(error as Error).message})`,
      retries: isOutOfMemory(error as Error) ? FULL_HEAP_RETRIES : WORKER_DEATH_RETRIES,
      describe: (deaths) => jobFailed(job, deaths, error as Error, number),
    };
  } finally {
    clearTimeout(timer);
  }
}

function describeFailure(failure: JobFailure, signatureFile = 'the built-in one'): Error {
  const { plugIn, worded } = failure;
  if (worded) return new SigtablesError(worded.code, worded.message);
  return plugIn ? plugInFailedInJob(signatureFile, plugIn.what) : new JobError(failure);
}
