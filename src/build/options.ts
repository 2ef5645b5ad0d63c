import type { LayoutName } from '../layouts/layout-name.js';
import type { Range } from '../range/range.js';
import type { Shard } from '../range/shards.js';
import type { LoadedSignature } from '../signatures/plug-in/source.js';
import type { SignatureIdentity } from '../tables/manifest.js';

/** What a build is asked to do; everything is validated before it gets here. */
export interface BuildOptions extends RunOptions {
  readonly range: Range;
  /** Build this part of the range alone. */
  readonly shard?: Shard;
  readonly layout: LayoutName;
  /** Numbers per job, at least 1; `undefined` takes the default for the range and layout. */
  readonly chunk: bigint | undefined;
  /** The signature from a file; the built-in one unless given. */
  readonly plugIn?: LoadedSignature;
  /** What a bucket keeps: `list`, or another aggregate that the signature has. */
  readonly aggregate: string;
  /** What a build through a spool may use of the memory; half of what there is unless given. */
  readonly maxMemoryBytes: number | undefined;
}

/** How a plan is carried out, and where. */
export interface RunOptions {
  /** The output folder, as the user wrote it (messages quote it). */
  readonly out: string;
  /** Worker threads, at least 1. */
  readonly cpus: number;
  /** What worker threads may use of the memory together, in bytes; half of what there is unless given. */
  readonly maxMemoryBytes?: number | undefined;
  /** Replace a table set that holds something else. */
  readonly force: boolean;
  /** Sync data to the disk at checkpoints and at the end. */
  readonly sync: boolean;
  /** A job that takes longer has failed; none does unless given. */
  readonly jobTimeoutMs?: number;
  /** How often a job that failed is tried again: 2 for one whose worker died, 1 where its heap was full, and 0 for others unless given. */
  readonly retries?: number;
  /** Aborted with a reason when the build is to stop: running jobs end, a checkpoint is written. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: BuildEvent) => void;
}

/**
 * What a build is made of, known before anything is written; but without a closed form, sizes are known only once it is
 * done.
 */
export interface PlanFacts {
  readonly signature: SignatureIdentity;
  readonly aggregate: string;
  /** Of a shard, its own part. */
  readonly range: Range;
  readonly shard?: Shard & { readonly whole: Range };
  readonly layout: LayoutName;
  readonly chunk: bigint;
  readonly numbers: bigint;
  readonly signatures: bigint | undefined;
  readonly jobs: bigint;
  readonly files: bigint | undefined;
  /** Bytes of all table files together, without the manifest. */
  readonly bytes: bigint | undefined;
  /** What tables and spool take of the disk at most, where that is known and the tables' bytes are not. */
  readonly diskBytes?: bigint;
}

/** A plan whose sizes are known. */
export interface SizedPlan extends PlanFacts {
  readonly signatures: bigint;
  readonly files: bigint;
  readonly bytes: bigint;
}

/** A machine that takes jobs of a queue; its rate is of all builds there. */
export interface MachineStanding {
  readonly host: string;
  readonly threads: number;
  readonly jobsRunning: number;
  readonly numbersPerS: number | undefined;
}

/** What a build tells while it runs; the command line turns it into a bar or into lines. */
export type BuildEvent =
  /** After preflight, before the first job: what is to do, and what an earlier, interrupted run had done. */
  | {
      readonly type: 'started';
      readonly plan: PlanFacts;
      readonly out: string;
      readonly cpus: number;
      /** How many table sets are merged; absent where the tables are computed. */
      readonly sources?: number;
      /** The queue that jobs are given to; absent where they are run here. */
      readonly queue?: string;
      /** What is done where nothing is built. */
      readonly work?: 'checking';
      readonly jobsDone: number;
      readonly numbersDone: bigint;
      readonly bytesDone: bigint;
      /** The jobs that were done before, ascending; absent where none can be. */
      readonly listDone?: () => readonly number[];
    }
  /** A worker, 0 to `cpus` − 1, takes up a job; not told where jobs have no worker of their own. */
  | { readonly type: 'job-started'; readonly job: number; readonly worker: number }
  /** The jobs that machines of a queue are at, every few moments. */
  | { readonly type: 'jobs-elsewhere'; readonly jobs: readonly number[] }
  /** A job failed, or its worker died, and it is not tried again. */
  | { readonly type: 'job-failed'; readonly job: number }
  | {
      readonly type: 'job-done';
      readonly job: number;
      readonly jobsDone: number;
      readonly numbersDone: bigint;
      readonly bytesDone: bigint;
    }
  | { readonly type: 'checkpoint'; readonly jobsDone: number }
  /** The machines that take jobs of a queue, every few seconds. */
  | { readonly type: 'machines'; readonly machines: readonly MachineStanding[] }
  /** Something of an earlier run could not be used, or a job is tried again: one line for the user. */
  | { readonly type: 'notice'; readonly message: string }
  /** All numbers are grouped: the buckets are being put together, `done` of `steps` steps. */
  | { readonly type: 'placing'; readonly done: number; readonly steps: number }
  /** The jobs are done; files are being synced and the manifest written. */
  | { readonly type: 'committing' };

export type BuildResult =
  | {
      readonly outcome: 'built';
      readonly plan: SizedPlan;
      readonly out: string;
      readonly elapsedMs: number;
      /** Numbers and bytes that this run wrote itself: less than the plan's after a resume. */
      readonly numbersWritten: bigint;
      readonly bytesWritten: bigint;
      /** Of a sharded table set, how many shards it has. */
      readonly shards?: number;
    }
  /** The folder already holds exactly this table set. */
  | { readonly outcome: 'already-built'; readonly plan: SizedPlan; readonly out: string }
  /** The abort signal came; the same command goes on. */
  | {
      readonly outcome: 'interrupted';
      readonly plan: PlanFacts;
      readonly out: string;
      readonly jobsDone: number;
      readonly numbersDone: bigint;
    };
