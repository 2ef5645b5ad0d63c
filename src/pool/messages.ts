import type { LayoutName } from '../layouts/layout-name.js';
import type { ErrorCode } from '../errors.js';
import type { Range } from '../range/range.js';
import type { RunReceipt } from '../spool/run-format.js';
import type { PlacesOfRun } from '../spool/places.js';
import type { SpoolFile } from '../spool/spool-files.js';
import type { ManifestFile } from '../tables/manifest.js';
import type { SignatureSource } from '../signatures/plug-in/source.js';

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

/** A signature from a file whose fragments are placed directly. */
export interface PlacedPlugIn {
  readonly source: SignatureSource;
  /** What a worker may use of the memory, in bytes. */
  readonly budgetBytes: number;
  /** See `GroupProgress`. */
  readonly progress: SharedArrayBuffer;
}

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
  /** Absent for the built-in signature. */
  readonly plugIn?: PlacedPlugIn;
}

/** What every worker of a merge is given when it starts. */
export interface CopyRecipe extends WorkerRecipe {
  /** Ascending by their ranges, which make up that of the recipe. */
  readonly sources: readonly SourceSet[];
  /** How many files of sources a worker may hold open. */
  readonly mayHold: number;
}

/** What groups the numbers of a build through a spool, and how; given to every worker when it starts. */
export interface GroupRecipe {
  readonly range: Range;
  readonly layout: LayoutName;
  readonly chunk: bigint;
  /** The output folder, absolute. */
  readonly folder: string;
  /** Absolute. */
  readonly spoolFolder: string;
  readonly nameDigits: number;
  /** Absent for the built-in signature. */
  readonly source: SignatureSource | undefined;
  readonly aggregate: string;
  readonly partitions: number;
  /** What a worker may use of the memory, in bytes. */
  readonly budgetBytes: number;
  /** See `GroupProgress`. */
  readonly progress: SharedArrayBuffer;
  /** An Int32Array with one place: 1 once no more is to be written. */
  readonly stop: SharedArrayBuffer;
}

/** A table set that is merged through a spool. */
export interface SpooledSource {
  /** Absolute. */
  readonly folder: string;
  readonly range: Range;
  /** SHA-256 of its manifest, in hex. */
  readonly digest: string;
  /** Its table files, in order; where each is of a job, `chunk` is there. */
  readonly files: readonly ManifestFile[];
  readonly chunk: bigint | undefined;
  /** The file that lists its buckets, where the manifest does not. */
  readonly bucketList: ManifestFile | undefined;
  /** The file of what its sums were rounded by, where there is one. */
  readonly remainders: ManifestFile | undefined;
}

/** A job of a merge through a spool: table files `[from, to)` of a source, what its sums were rounded by, or what its manifest says of its buckets. */
export type SpoolCopyJob =
  | { readonly source: number; readonly from: number; readonly to: number }
  | { readonly source: number; readonly ofRemainders: true }
  | { readonly source: number; readonly ofBuckets: true };

/** What every worker is given that takes the tables of a merge apart. */
export interface SpoolCopyRecipe {
  readonly range: Range;
  readonly layout: LayoutName;
  readonly chunk: bigint;
  readonly aggregate: string;
  readonly sources: readonly SpooledSource[];
  readonly jobs: readonly SpoolCopyJob[];
  readonly partitions: number;
  /** Absolute. */
  readonly spoolFolder: string;
  /** An Int32Array with one place: 1 once no more is to be written. */
  readonly stop: SharedArrayBuffer;
}

/** What every worker is given that makes the tables of a merge into the layout `job`. */
export interface TabulateRecipe extends Pick<PlaceRecipe, 'mayHold'> {
  readonly files: readonly SpoolFile[];
  readonly partitions: number;
  readonly aggregate: string;
  readonly budgetBytes: number;
  readonly range: Range;
  readonly chunk: bigint;
  /** The folders of the tables and of the spool, absolute. */
  readonly folder: string;
  readonly spoolFolder: string;
  readonly nameDigits: number;
}

/** Makes the tables of a group of jobs; the file that tells of their buckets is the spool's with the number `spoolJob`. */
export interface TabulateTask {
  readonly group: number;
  readonly spoolJob: number;
}

/** The tables of a group of jobs, in order, and what was spooled of their buckets. */
export type TabulateOutcome =
  | {
      readonly ok: true;
      readonly bytes: Float64Array;
      readonly crcs: Uint32Array;
      readonly spooled: SpoolFile;
    }
  | { readonly ok: false; readonly failure: JobFailure };

/** The spool that is put together, as its tasks say: the same in all of them. */
export interface PlaceRecipe {
  /** Three doubles for each spool file: its job, its bytes and their CRC-32. Shared, since there may be many. */
  readonly receipts: SharedArrayBuffer;
  /** Whether the spool holds what buckets hold, or in the layout `job` only how much. */
  readonly hasCells: boolean;
  /** How many spool files a worker may hold open. */
  readonly mayHold: number;
}

/** The table files that buckets are placed in. */
export interface PlaceTarget {
  /** The output folder, absolute. */
  readonly folder: string;
  /** The names of the files, with a line feed between each two: shared, since there may be many. */
  readonly names: SharedArrayBuffer;
  /** Of the single table; where each bucket has a file of its own, its size follows from the bucket. */
  readonly tableBytes: number;
  /** The start of the last bucket, where all are in one file; absent where each has its own. */
  readonly lastPlace: number | undefined;
  /** An Int32Array with the places of `HELD`. */
  readonly heldFiles: SharedArrayBuffer;
  readonly places: Omit<PlacesOfRun, 'run'>;
}

/** Gathers a partition into the run at this path, or places what was gathered. */
export interface PlaceTask {
  readonly recipe: PlaceRecipe;
  readonly partition: number;
  readonly runPath: string;
  readonly placing?: { readonly run: RunReceipt; readonly target: PlaceTarget };
}

/** What came of a task: the run, or per file that was written to its share of the CRC-32. */
export type PlaceOutcome =
  | {
      readonly ok: true;
      readonly run?: RunReceipt;
      readonly crcs?: readonly (readonly [file: number, crc: number])[];
    }
  | { readonly ok: false; readonly failure: JobFailure };

/** A job's file in the spool. */
export interface SpooledJob {
  readonly bytes: number;
  readonly crc: number;
  /** How many numbers have a key. */
  readonly numbers: number;
  /** Buckets, counted once for each slice of the job. */
  readonly entries: number;
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
  /** Where the job's files go in a build that other machines share; to the places of the recipe unless given. Absolute. */
  readonly folder?: string;
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
  /** Where a plug-in failed: the number, and what it did there, in words. */
  readonly plugIn?: { readonly n: bigint; readonly what: string } | undefined;
  /** The path of a spool file that is damaged. */
  readonly spoolFile?: string | undefined;
  /** What is already worded for the user: an error code and its message. */
  readonly worded?: { readonly code: ErrorCode; readonly message: string } | undefined;
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
  /** What a job of a build through a spool has spooled. */
  readonly spooled?: SpooledJob;
}

export type JobOutcome =
  ({ readonly ok: true } & JobYield) | { readonly ok: false; readonly failure: JobFailure };
