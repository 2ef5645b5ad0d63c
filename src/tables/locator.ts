import { manifestContradictsSignature } from '../errors.js';
import { placeBuckets } from '../layouts/regions.js';
import { KEPT_JOB_BUCKETS, KEPT_JOB_PLACEMENTS } from '../limits.js';
import { splitIntoJobs, type Jobs } from '../range/jobs.js';
import type { Range } from '../range/range.js';
import type { ClosedForm } from '../signatures/signature.js';
import { scanTable, type ArrayPlace } from './array-scan.js';
import { findWrongExtent } from './bucket-extent.js';
import { BucketList } from './bucket-list.js';
import { ByteSearch } from './byte-search.js';
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
  /** Where the buckets are too many for the manifest. */
  readonly #list: BucketList | undefined;
  /** Keys whose buckets have been held against the closed form. */
  readonly #checked = new Set<string>();
  #keptBuckets = 0;
  /** By job, the longest known first. */
  readonly #placements = new Map<number, ReadonlyMap<string, ArrayPlace>>();

  /** Without `form`, the files of the layout job are searched for their buckets. */
  constructor(view: ManifestView, form: ClosedForm | undefined, files: TableFiles) {
    this.#view = view;
    this.#form = form;
    this.#files = files;
    const { range, chunk = range.end, layout, bucketList } = view.head;
    this.#jobs = splitIntoJobs(range, chunk);
    this.#list = bucketList && new BucketList(bucketList, layout, files, (file) => view.bytesOf(file));
  }

  /**
   * What the manifest, or its list of buckets, says of a bucket. Throws TABLES where the closed form says something else: then nothing
   * that is asked about the bucket could be answered.
   */
  bucketOf(key: string): ManifestBucket | undefined {
    const bucket = this.#list ? this.#list.find(key) : this.#view.bucketOf(key);
    if (this.#form && !this.#checked.has(key)) {
      const wrong = findWrongExtent(this.#form, this.#view.head.range, key, bucket);
      if (wrong !== undefined) throw manifestContradictsSignature(this.#view.path, wrong);
      if (bucket) this.#checked.add(key);
    }
    return bucket;
  }

  /** All buckets: in the order of their first numbers, or of their keys where they have a file of their own. */
  buckets(): Iterable<ManifestBucket> {
    return this.#list ? this.#list.list() : this.#view.manifest.buckets;
  }

  /**
   * The buckets that may hold `n`, a number of the table set's range: where many of them share a file, those that seem to
   * hold it there.
   */
  *holdersOf(n: bigint): Generator<ManifestBucket, void, undefined> {
    const { layout } = this.#view.head;
    if (layout === 'signature') {
      for (const bucket of this.buckets()) if (n >= bucket.first && n <= bucket.last) yield bucket;
      return;
    }
    const [file] =
      layout === 'job' ? this.#view.manifest.files.slice(this.jobOf(n)) : this.#view.manifest.files;
    if (!file) return;
    for (const key of new ByteSearch(this.#files, file).findHolders(n)) {
      const bucket = this.bucketOf(key);
      if (bucket) yield bucket;
    }
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
    const bucket = this.bucketOf(key);
    if (!bucket) return;
    if (this.isWhole) {
      yield this.locateWhole(bucket);
      return;
    }
    // Who wrote the manifest may have claimed more jobs than there are files.
    const last = Math.min(this.jobOf(bucket.last), this.#view.manifest.files.length - 1);
    for (let job = Math.max(0, this.jobOf(bucket.first)); job <= last; job++) {
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
    const file = this.#view.manifest.files[job];
    if (!file) return undefined;
    // With that many buckets, the places of a job's would fill the memory.
    const isSought = this.#list !== undefined && !key.startsWith(':');
    const place = isSought
      ? new ByteSearch(this.#files, file).findArray(key)
      : this.placementOf(job).get(key);
    return place && { file: file.file, ...place, range: this.#jobs.at(BigInt(job)) };
  }

  /** The places of all buckets in the file of `job`, in the layout job. */
  placementOf(job: number): ReadonlyMap<string, ArrayPlace> {
    const known = this.#placements.get(job);
    if (known) return known;
    const placement = this.#form ? this.#computePlacement(this.#form, job) : this.#scanPlacement(job);
    for (const [oldest, { size }] of this.#placements) {
      const isRoom = this.#keptBuckets + placement.size <= KEPT_JOB_BUCKETS;
      if (isRoom && this.#placements.size < KEPT_JOB_PLACEMENTS) break;
      this.#placements.delete(oldest);
      this.#keptBuckets -= size;
    }
    this.#placements.set(job, placement);
    this.#keptBuckets += placement.size;
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
