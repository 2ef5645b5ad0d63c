import { closeSync, openSync } from 'node:fs';
import type { GroupedSlice, SliceSource } from '../buckets/grouping.js';
import { WRITE_PLAIN } from '../files/plain-file.js';
import { jobTooLarge } from '../errors/spool.js';
import type { Range } from '../range/range.js';
import { SpoolFrame } from './spool-frame.js';
import { SliceSpooler } from './spool-slice.js';
import { TableText } from './table-text.js';

/** Where a job is spooled to. */
export interface SpoolTarget {
  readonly path: string;
  readonly job: number;
  /** The same for all jobs of a build. */
  readonly partitions: number;
  /** The start of the build's range. */
  readonly origin: bigint;
}

/** What a job has spooled; `bytes` and `crc` tell its file from any other. */
export interface SpoolReceipt {
  readonly bytes: number;
  readonly crc: number;
  /** How many numbers have a key. */
  readonly numbers: number;
  /** Buckets, counted once for each slice. */
  readonly entries: number;
}

/** A spooled job in the layout `job`. */
export interface TabulatedJob extends SpoolReceipt {
  /** The text of the job's table file; a copy of its own. */
  readonly table: Uint8Array;
}

/**
 * Groups a job slice by slice, and writes what they yield to a file, from scratch. `checkStop` is called before each
 * slice. Throws a PlugInError, and what the system throws.
 */
export function spoolJob(
  grouping: SliceSource,
  job: Range,
  target: SpoolTarget,
  checkStop?: () => void,
): SpoolReceipt {
  return withFile(target.path, (fd) => {
    const file = new JobFile(fd, grouping, target, true);
    for (let from = job.start; from < job.end;) {
      checkStop?.();
      from = file.addSlice({ start: from, end: job.end });
    }
    return file.end();
  });
}

/**
 * Groups a job at once, makes the text of its table file, and spools what is to be known of its buckets, without their
 * cells. Throws a PlugInError, a SigtablesError where the job is too large, and what the system throws.
 */
export function tabulateJob(grouping: SliceSource, job: Range, target: SpoolTarget): TabulatedJob {
  return withFile(target.path, (fd) => {
    const file = new JobFile(fd, grouping, target, false);
    const table = file.addTable(job);
    return { ...file.end(), table };
  });
}

function withFile<T>(path: string, use: (fd: number) => T): T {
  const fd = openSync(path, WRITE_PLAIN, 0o666);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

/** A spool file while it is written. */
class JobFile {
  readonly #grouping: SliceSource;
  readonly #origin: bigint;
  readonly #frame: SpoolFrame;
  readonly #spooler: SliceSpooler;
  #numbers = 0;
  #entries = 0;

  constructor(
    fd: number,
    grouping: SliceSource,
    { job, partitions, origin }: SpoolTarget,
    hasCells: boolean,
  ) {
    this.#grouping = grouping;
    this.#origin = origin;
    this.#frame = new SpoolFrame(fd, { job, partitions, hasCells });
    this.#spooler = new SliceSpooler(grouping.aggregate, partitions);
  }

  /** Adds as many of the numbers of `rest` as make a slice; returns the number behind them. */
  addSlice(rest: Range): bigint {
    return this.#add(this.#grouping.group(rest)).end;
  }

  /** Adds all of `job`; returns the text of its table. */
  addTable(job: Range): Uint8Array {
    const slice = this.#grouping.group(job);
    if (slice.range.end < job.end) throw jobTooLarge(job.start, job.end, slice.range.end);
    const { table, sizes } = new TableText(this.#grouping.aggregate).tabulate(slice);
    this.#add(slice, sizes);
    return table;
  }

  end(): SpoolReceipt {
    return { ...this.#frame.end(), numbers: this.#numbers, entries: this.#entries };
  }

  #add(slice: GroupedSlice, sizes?: Uint32Array): Range {
    const rowsAt = this.#spooler.write(slice, this.#frame.slices, this.#frame.output, sizes);
    this.#frame.enterSlice(Number(slice.range.start - this.#origin), rowsAt);
    this.#entries += slice.keys.count;
    for (let bucket = 0; bucket < slice.keys.count; bucket++) this.#numbers += slice.buckets.countOf(bucket);
    return slice.range;
  }
}
