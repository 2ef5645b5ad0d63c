import type { WorkerPool } from '../pool/job-pool.js';
import type { JobOutcome, JobTask } from '../pool/messages.js';
import type { FreshFiles } from './ledger.js';

/** What jobs stand on: the threads that run them, and the files that they write to. */
export interface JobGround {
  /** How many table sets are read; absent where nothing is. */
  readonly sourceCount?: number | undefined;
  /** The number that the last worker of a job was at, where that is known. */
  numberAt?(job: number): bigint | undefined;
  startPool(threads: number): WorkerPool<JobTask, JobOutcome>;
  /** Brings to the disk what jobs wrote: those of a checkpoint, or all of it. Throws what the system throws. */
  sync(what: FreshFiles | 'all'): Promise<void>;
  /** Makes every further write of a worker fail. */
  stopWrites(): void;
  /** Lets go of all files; the pool is gone by then. */
  close(): void;
}
