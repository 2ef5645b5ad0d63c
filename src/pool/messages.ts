import type { LayoutName } from '../layouts/layout-name.js';
import type { Range } from '../range/range.js';

/** What every worker of a build is given when it starts. */
export interface WorkerRecipe {
  readonly range: Range;
  readonly layout: LayoutName;
  readonly chunk: bigint;
  /** The output folder, absolute. */
  readonly folder: string;
  /**
   * An Int32Array: how many files may yet be held open; 1 once writes are to stop; then per file of the layout its
   * descriptor, or −1.
   */
  readonly heldFiles: SharedArrayBuffer;
}

export interface JobTask {
  readonly job: number;
}

/** An error that keeps what piscina drops from thrown ones: the code and errno of the operating system. */
export interface JobFailure {
  readonly message: string;
  readonly stack?: string | undefined;
  readonly code?: string | undefined;
  readonly errno?: number | undefined;
  readonly syscall?: string | undefined;
  readonly path?: string | undefined;
}

/** What a job has written. */
export interface JobYield {
  readonly job: number;
  /** The first of the files that the job writes to. */
  readonly firstFile: number;
  /** For each file from the first on, what the job's pieces contribute to its CRC-32: XOR them over all jobs. */
  readonly crcs: Uint32Array;
  /** Bytes that the job has written to table files. */
  readonly bytes: number;
}

export type JobOutcome =
  ({ readonly ok: true } & JobYield) | { readonly ok: false; readonly failure: JobFailure };
