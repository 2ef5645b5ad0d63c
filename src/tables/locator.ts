import { placeBuckets } from '../layouts/regions.js';
import { KEPT_JOB_PLACEMENTS } from '../limits.js';
import { splitIntoJobs, type Jobs } from '../range/jobs.js';
import type { Range } from '../range/range.js';
import type { ClosedForm } from '../signatures/signature.js';
import { scanTable, type ArrayPlace } from './array-scan.js';
import type { ManifestView } from './manifest-view.js';
import type { ManifestBucket } from './manifest.js';
import type { TableFiles } from './table-files.js';

/** A part of a bucket that stands in one file: all of it, or in the layout job what one job has of it. */
export interface BucketPiece {
  readonly file: string;
  /** Where the JSON array begins in the file, in bytes. */
  readonly offset: number;
  /** Bytes of the array's text, brackets included. */
  readonly bytes: number;
  /** Where all of its numbers are. */
  readonly range: Range;
}

/** Finds the places of buckets in the files of a table set. */
export class Locator {
  readonly #view: ManifestView;
  readonly #form: ClosedForm | undefined;
  readonly #files: TableFiles;
  readonly #jobs: Jobs;
  /** By job, the longest known first. */
  readonly #placements = new Map<number, ReadonlyMap<string, ArrayPlace>>();

  /** Without `form`, the files of the layout job are searched for their buckets. */
  constructor(view: ManifestView, form: ClosedForm | undefined, files: TableFiles) {
    this.#view = view;
    this.#form = form;
    this.#files = files;
    const { range, chunk = range.end } = view.head;
    this.#jobs = splitIntoJobs(range, chunk);
  }

  /** What the manifest says of a bucket. */
  bucketOf(key: string): ManifestBucket | undefined {
    return this.#view.bucketOf(key);
  }

  /** Whether each bucket stands in one piece. */
  get isWhole(): boolean {
    return this.#view.head.layout !== 'job';
  }

  /** The job, from 0 on, that a number of the table set's range is in. */
  jobOf(n: bigint): number {
    const { range, chunk = range.end } = this.#view.head;
    return Number(n / chunk - range.start / chunk);
  }

  /** The pieces of the bucket `key` in ascending order of their numbers, found one after the other; none for an unknown key. */
  *locate(key: string): Generator<BucketPiece, void, undefined> {
    const bucket = this.#view.bucketOf(key);
    if (!bucket) return;
    if (this.isWhole) {
      yield this.locateWhole(bucket);
      return;
    }
    const last = this.jobOf(bucket.last);
    for (let job = this.jobOf(bucket.first); job <= last; job++) {
      const piece = this.#mayHave(key, job) ? this.locateInJob(key, job) : undefined;
      if (piece) yield piece;
    }
  }

  /** The one piece of a bucket in the layouts signature and single. */
  locateWhole({ file = '', offset = 0n, bytes }: ManifestBucket): BucketPiece {
    return { file, offset: Number(offset), bytes: Number(bytes), range: this.#view.head.range };
  }

  /** What the file of `job` has of the bucket, in the layout job. Throws TABLES for a file that is damaged. */
  locateInJob(key: string, job: number): BucketPiece | undefined {
    const place = this.placementOf(job).get(key);
    const file = this.#view.manifest.files[job]?.file;
    if (!place || file === undefined) return undefined;
    return { file, ...place, range: this.#jobs.at(BigInt(job)) };
  }

  /** The places of all buckets in the file of `job`, in the layout job. */
  placementOf(job: number): ReadonlyMap<string, ArrayPlace> {
    const known = this.#placements.get(job);
    if (known) return known;
    const placement = this.#form ? this.#computePlacement(this.#form, job) : this.#scanPlacement(job);
    if (this.#placements.size >= KEPT_JOB_PLACEMENTS) {
      for (const oldest of this.#placements.keys()) {
        this.#placements.delete(oldest);
        break;
      }
    }
    this.#placements.set(job, placement);
    return placement;
  }

  #computePlacement(form: ClosedForm, job: number): Map<string, ArrayPlace> {
    const { regions } = placeBuckets(form, this.#jobs.at(BigInt(job)), 'job', job);
    return new Map(
      regions.map(({ key, arrayOffset, arrayBytes }) => [key, { offset: arrayOffset, bytes: arrayBytes }]),
    );
  }

  #scanPlacement(job: number): Map<string, ArrayPlace> {
    const file = this.#view.manifest.files[job];
    return file ? scanTable(this.#files, file) : new Map<string, ArrayPlace>();
  }

  /** Placing a job takes a thousand times as long as to see that it has nothing of a bucket. */
  #mayHave(key: string, job: number): boolean {
    if (!this.#form) return true;
    const { start, end } = this.#jobs.at(BigInt(job));
    return this.#form.rank(key, end) > this.#form.rank(key, start);
  }
}
