import { join } from 'node:path';
import { layOut, type Layout } from '../layouts/layout.js';
import { placeBuckets, type Placement, type Region } from '../layouts/regions.js';
import type { SourceSet } from '../pool/messages.js';
import type { Range } from '../range/range.js';
import type { ClosedForm, Tally } from '../signatures/signature.js';

/** A piece of a source's file: the numbers of one bucket in one range, with what stands around them. */
export interface SourcePiece {
  readonly path: string;
  /** The file's number among those of all sources, and its size. */
  readonly file: number;
  readonly fileBytes: number;
  /** The file from `from` to `to`: pieces of abutting ranges leave no byte of it out, and have none in common. */
  readonly from: number;
  readonly to: number;
  /** How much of it stands before the numbers and behind them: labels, brackets, a comma. */
  readonly headBytes: number;
  readonly tailBytes: number;
}

/** A source's buckets as one placement has them: all of a set, or those of one file of jobs. */
export class SourceTable {
  readonly range: Range;
  /** Whether it is one file of jobs: its pieces are small and lie beside each other. */
  readonly isJobFile: boolean;
  readonly #source: SourceTables;
  readonly #placement: Placement;
  readonly #byKey: ReadonlyMap<string, Region>;

  constructor(source: SourceTables, placement: Placement) {
    this.range = placement.range;
    this.isJobFile = source.layout.ownsFiles;
    this.#source = source;
    this.#placement = placement;
    this.#byKey = new Map(placement.regions.map((region) => [region.key, region]));
  }

  /** Its one file, where it is a file of jobs. */
  get jobFile(): { readonly path: string; readonly bytes: number } {
    const { firstFile, fileBytes } = this.#placement;
    return { path: this.#source.pathOf(firstFile), bytes: fileBytes[0] ?? 0 };
  }

  /** Where the members of `key` between the tallies' numbers stand; nothing where there are none. */
  findPiece(key: string, below: Tally, upTo: Tally): SourcePiece | undefined {
    const region = this.#byKey.get(key);
    if (!region) return undefined;
    const { firstFile, fileBytes } = this.#placement;
    const preceding = Number(below.bytes(key) - this.#placement.below.bytes(key));
    const bytes = Number(upTo.bytes(key) - below.bytes(key));
    if (bytes === 0) return undefined;
    const start = region.arrayOffset + 1 + preceding;
    const isFirst = preceding === 0;
    const isLast = start + bytes === region.arrayOffset + region.arrayBytes;
    const headBytes = isFirst ? Buffer.byteLength(region.label) + 1 : 0;
    const tailBytes = isLast && region.endsFile ? 2 : 1;
    return {
      path: this.#source.pathOf(region.file),
      file: this.#source.set.firstFile + region.file,
      fileBytes: fileBytes[region.file - firstFile] ?? 0,
      from: start - headBytes,
      to: start + bytes - 1 + tailBytes,
      headBytes,
      tailBytes,
    };
  }
}

/** The tables of a source that have numbers of a range. */
export class SourceTables {
  readonly set: SourceSet;
  readonly #closedForm: ClosedForm;
  #placed: Layout | undefined;
  #whole: SourceTable | undefined;

  constructor(closedForm: ClosedForm, set: SourceSet) {
    this.set = set;
    this.#closedForm = closedForm;
  }

  /** Placed when it is first needed: a merge may have many sources, and a worker may need few. */
  get layout(): Layout {
    const { range, layout, chunk, nameDigits } = this.set;
    this.#placed ??= layOut(this.#closedForm, range, layout, chunk, nameDigits);
    return this.#placed;
  }

  pathOf(file: number): string {
    return join(this.set.folder, this.layout.fileName(file));
  }

  /** Ascending; `range` and the source's own have numbers in common. */
  listTables(range: Range): SourceTable[] {
    if (!this.layout.ownsFiles) {
      this.#whole ??= new SourceTable(this, this.layout.placementFor(0));
      return [this.#whole];
    }
    const [first, last] = [this.#findJob(range.start), this.#findJob(range.end - 1n)];
    return Array.from({ length: last - first + 1 }, (_, i) => {
      const job = this.layout.jobs.at(BigInt(first + i));
      const placement = placeBuckets(this.#closedForm, job, 'job', first + i);
      return new SourceTable(this, placement);
    });
  }

  /** The number of the job file that holds exactly `job`, among those of all sources, if there is one. */
  findJobFile(job: Range): { path: string; file: number } | undefined {
    const { range, layout, firstFile } = this.set;
    if (layout !== 'job' || job.start < range.start || job.end > range.end) return undefined;
    const index = this.#findJob(job.start);
    const own = this.layout.jobs.at(BigInt(index));
    if (own.start !== job.start || own.end !== job.end) return undefined;
    return { path: this.pathOf(index), file: firstFile + index };
  }

  /** The job that `n`, a number of the source, is in. */
  #findJob(n: bigint): number {
    const { range, chunk } = this.set;
    return Number(n / chunk - range.start / chunk);
  }
}
