import { sizeOf, type Range } from '../range/range.js';
import type { ClosedForm } from '../signatures/signature.js';
import { splitIntoJobs, type Jobs } from '../range/jobs.js';
import { KeyFileNames } from './key-file-names.js';
import type { LayoutName } from './layout-name.js';
import { placeBuckets, type Placement, type Region } from './regions.js';

/** The only file of the layout `single`. */
export const SINGLE_FILE = 'table.json';

/** Where the buckets of a table set stand: which files there are, and where each job's fragments go. */
export interface Layout {
  readonly jobs: Jobs;
  readonly fileCount: number;
  /** Whether each file is written by one job alone: job i writes file i. */
  readonly ownsFiles: boolean;
  fileName(file: number): string;
  /** The placement that the fragments of `job` go by: its own in the layout `job`, else that of the whole range. */
  placementFor(job: number): Placement;
}

/**
 * The layout of a table set over `range` in jobs of `chunk` numbers. The names of a layout `job` are padded to
 * `nameDigits`: a part of a larger range has the names of the whole.
 */
export function layOut(
  closedForm: ClosedForm,
  range: Range,
  name: LayoutName,
  chunk: bigint,
  nameDigits = countDigits(range.end),
): Layout {
  const jobs = splitIntoJobs(range, chunk);
  if (name === 'job') return layOutByJob(closedForm, jobs, nameDigits);
  const whole = placeBuckets(closedForm, range, name, 0);
  const names = name === 'single' ? [SINGLE_FILE] : nameFiles(whole.regions);
  return {
    jobs,
    fileCount: names.length,
    ownsFiles: false,
    fileName: (file) => names[file] ?? unknownFile(file),
    placementFor: () => whole,
  };
}

function nameFiles(regions: readonly Region[]): string[] {
  const names = new KeyFileNames();
  return regions.map(({ key }) => names.nameOf(key));
}

/** The name of a job's file in the layout `job`. */
export function nameJobFile({ start, end }: Range, nameDigits: number): string {
  const pad = (n: bigint): string => n.toString().padStart(nameDigits, '0');
  return `${pad(start)}-${pad(end)}.json`;
}

/** To how many digits the numbers in the name of a layout `job`'s file are padded. */
export function readNameDigits(fileName: string): number {
  return fileName.indexOf('-');
}

/** Decimal digits of `n`, a whole number. */
export function countDigits(n: bigint): number {
  return n.toString().length;
}

function layOutByJob(closedForm: ClosedForm, jobs: Jobs, nameDigits: number): Layout {
  return {
    jobs,
    fileCount: Number(jobs.count),
    ownsFiles: true,
    fileName: (file) => {
      const job = jobs.at(BigInt(file));
      return sizeOf(job) > 0n ? nameJobFile(job, nameDigits) : unknownFile(file);
    },
    placementFor: (job) => placeBuckets(closedForm, jobs.at(BigInt(job)), 'job', job),
  };
}

function unknownFile(file: number): never {
  throw new RangeError(`no file ${file} in the layout`);
}
