import type { WorkerPool } from '../pool/job-pool.js';
import type { JobOutcome, JobTask, PlaceOutcome, PlaceTask } from '../pool/messages.js';
import type { JobPolicy } from './job-runner.js';
import type { FreshFiles } from './ledger.js';

/** What jobs stand on: the threads that run them, and the files that they write to. */
export interface JobGround {
  /** How many table sets are read; absent where nothing is. */
  readonly sourceCount?: number | undefined;
  /** How jobs are run that are not run by threads of this process, as far as it differs. */
  readonly policy?: Pick<JobPolicy, 'cpus' | 'retries'> & { readonly jobTimeoutMs: undefined };
  /** The queue that jobs are given to; absent where they are run here. */
  readonly queue?: string;
  /** Whether the jobs that run when the build is to stop may take as long as they will. */
  readonly isPatient?: boolean;
  /** The number that the last worker of a job was at, where that is known. */
  numberAt?(job: number): bigint | undefined;
  startPool(threads: number): WorkerPool<JobTask, JobOutcome>;
  /** The threads of the jobs once all are done, where they are for what comes then, too: whoever has that done ends them. */
  readonly placers?: WorkerPool<PlaceTask, PlaceOutcome> | undefined;
  /** Brings to the disk what jobs wrote: those of a checkpoint, or all of it. Throws what the system throws. */
  sync(what: FreshFiles | 'all'): Promise<void>;
  /** Makes every further write of a worker fail. */
  stopWrites(): void;
  /** Lets go of all files; the pool is gone by then. */
  close(): void;
}
