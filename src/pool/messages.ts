import type { LayoutName } from '../layouts/layout-name.js';
import type { Range } from '../range/range.js';

/** The places of the array that the threads of a build share. */
export const HELD = {
  /** How many files may yet be held open. */
  room: 0,
  /** 1 once writes are to stop. */
  stop: 1,
  firstFile: 2,
} as const;

/** Stands for the descriptor of a file that is not held open. */
export const NOT_HELD = -1;

/** What every worker of a build is given when it starts. */
export interface WorkerRecipe {
  readonly range: Range;
  readonly layout: LayoutName;
  readonly chunk: bigint;
  /** The output folder, absolute. */
  readonly folder: string;
  /** An Int32Array with the places of `HELD`; from `HELD.firstFile` on the descriptor of each file of the layout. */
  readonly heldFiles: SharedArrayBuffer;
  /** To how many digits the numbers in file names are padded. */
  readonly nameDigits: number;
}

/** What every worker of a merge is given when it starts. */
export interface CopyRecipe extends WorkerRecipe {
  /** Ascending by their ranges, which make up that of the recipe. */
  readonly sources: readonly SourceSet[];
  /** How many files of sources a worker may hold open. */
  readonly mayHold: number;
}

/** A table set that is merged: enough to know where each of its buckets stands. */
export interface SourceSet {
  /** Absolute. */
  readonly folder: string;
  readonly range: Range;
  readonly layout: LayoutName;
  readonly chunk: bigint;
  readonly nameDigits: number;
  /** The number of its first file among those of all sources. */
  readonly firstFile: number;
}

/**
 * What a job has read of a source's file: the file's number among those of all sources, what the pieces contribute to
 * its CRC-32, and their bytes.
 */
export type SourceShare = readonly [file: number, crc: number, bytes: number];

/** The failure code of a job that was cut short because the build is to stop. */
export const STOPPED = 'STOPPED';

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
  /** Whether it befell a file that was read, not one that was written. */
  readonly isSource?: boolean | undefined;
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
  /** What a job of a merge has read. */
  readonly sources?: readonly SourceShare[];
}

export type JobOutcome =
  ({ readonly ok: true } & JobYield) | { readonly ok: false; readonly failure: JobFailure };
