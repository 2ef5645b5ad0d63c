import type { LayoutName } from '../layouts/layout-name.js';
import type { Range } from '../range/range.js';
import type { SignatureSource } from '../signatures/plug-in/source.js';
import type { JobFailure, WorkerRecipe } from './messages.js';

/** How tables are checked of which no closed form tells what they hold. */
export interface TableStructure {
  /** What buckets hold instead of their numbers. */
  readonly aggregate?: string | undefined;
  /** The file that lists the buckets, where the manifest does not. */
  readonly bucketList?: string | undefined;
  /** The file of what sums were rounded by, where there is one. */
  readonly remainders?: string | undefined;
  /** The signature, where keys are to be recomputed. */
  readonly source?: SignatureSource | undefined;
}

/** What a worker needs to know of the table set that it checks. */
export interface VerifyRecipe {
  /** Absolute. */
  readonly folder: string;
  /** Absent where the files are not lists of a signature with a closed form. */
  readonly signature?: { readonly name: string; readonly version: string };
  readonly range: Range;
  readonly layout: LayoutName;
  readonly chunk: bigint;
  readonly nameDigits: number;
  /** Absent where a closed form tells what the tables hold, or nothing but checksums is looked at. */
  readonly structure?: TableStructure;
}

/** A part of a table file; bytes. */
export interface Span {
  /** The file's number within the table set, and its name. */
  readonly file: number;
  readonly name: string;
  /** The size that the file is to have. */
  readonly fileBytes: number;
  readonly from: number;
  readonly to: number;
}

/**
 * What is done with spans: their checksums taken; every number checked, too; or only the first problem sought, also in
 * files of another size.
 */
export type CheckMode = 'sum' | 'parse' | 'locate';

export interface VerifyTask {
  readonly spans: readonly Span[];
  readonly mode: CheckMode;
  /** Whether the spans are the same part of files of one family, of one size each. */
  readonly areSiblings?: boolean;
}

/** A task as it reaches a worker: threads start before it is known what they are to check. */
export interface CheckTask extends VerifyTask {
  readonly recipe: VerifyRecipe;
}

/** What a span turned out to be. */
export interface SpanReport {
  readonly file: number;
  /** CRC-32 of the span, where the file has the right size. */
  readonly crc: number;
  /** What is wrong with the file as a whole, in words. */
  readonly fault?: string | undefined;
  /** Whether nothing can be read of it. */
  readonly isUnreadable?: boolean | undefined;
  /** The first problem of the span: bytes from the start of the file, and what it is, in words. */
  readonly problem?: { readonly offset: number; readonly what: string } | undefined;
  /** See `sumUpBucket`: of a list of buckets it is negative, so that all come to 0. Only where no closed form tells what tables hold. */
  readonly sum?: bigint;
}

export type VerifyOutcome =
  | { readonly ok: true; readonly reports: readonly SpanReport[] }
  | { readonly ok: false; readonly failure: JobFailure };

/** What every worker of a repair is given: where it writes to, and which of the layout's files. */
export interface RepairRecipe extends WorkerRecipe {
  readonly files: ReadonlySet<number>;
}
