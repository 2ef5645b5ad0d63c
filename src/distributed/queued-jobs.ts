import type { Queue } from 'bullmq';
import type { OutsideText } from '../errors/quoting.js';
import type { JobYield } from '../pool/messages.js';
import type { Range } from '../range/range.js';
import type { JobData } from './job-data.js';
import type { Outage } from './outage.js';

/** A result's yield, and how the job fared before. */
export interface TakenResult {
  readonly result: JobYield;
  readonly host: OutsideText;
  readonly failures: number;
  readonly stalls: number;
}

/** What a worker says of a job that it ended because its build was told to stop, or is not there. */
export const UNWANTED = 'its build wants it no more';

/** How the reason of a job begins that a worker did not run, since it cannot work on the build; the job is for another one. */
export const REFUSED = 'refused: ';

/** What the jobs of one build are to its coordinator. */
export interface QueuedJobs {
  readonly queue: Queue;
  readonly build: string;
  /** How often a job may fail by itself; 5 unless given. */
  readonly attempts: number | undefined;
  readonly outage: Outage;
  dataOf(job: number): JobData;
  rangeOf(job: number): Range;
  /** Whether an earlier run may have left a result of `job`. */
  mayBeThere(job: number): boolean;
  /** The result of `job`, taken into the build; nothing where there is none that holds. */
  take(job: number): Promise<TakenResult | undefined>;
  /** Whether `sigtables cancel` was asked for. */
  isCancelled(): boolean;
  /** The same, asked of the queue now. */
  askWhetherCancelled(): Promise<boolean>;
  /** These jobs, and no others of the build, are being worked on. */
  onRunning(jobs: readonly number[]): void;
  /** A line for the user. */
  say(message: string): void;
  /** A job failed or lost its worker, and was tried again. */
  onAgain(times: number): void;
}
