import type { LoadedSignature } from '../signatures/plug-in/source.js';
import type { QueueAddress } from './queue-address.js';

/** What a worker of a queue is asked to do. */
export interface QueueWorkerOptions {
  readonly address: QueueAddress;
  /** The folder that all machines share, as the user wrote it. */
  readonly root: string;
  /** Jobs at once, each in a thread of its own. */
  readonly cpus: number;
  /** The signatures from files that it runs, besides the built-in one. */
  readonly plugIns: readonly LoadedSignature[];
  readonly maxMemoryBytes: number | undefined;
  /** Aborted when running jobs are to end, and no more are to be taken. */
  readonly signal?: AbortSignal;
  /** Aborted when running jobs are to be given back at once. */
  readonly cut?: AbortSignal;
  readonly onEvent?: (event: WorkerEvent) => void;
}

/** What a worker tells while it runs. */
export type WorkerEvent =
  | { readonly type: 'started'; readonly place: string; readonly host: string; readonly root: string }
  | { readonly type: 'job-done'; readonly jobs: number; readonly numbers: bigint }
  | { readonly type: 'notice'; readonly message: string };

/** What a worker has done. */
export interface WorkerResult {
  readonly jobs: number;
  readonly numbers: bigint;
  readonly failures: number;
}
