import { join } from 'node:path';
import type { Aggregate } from '../aggregates/aggregate.js';
import { tooManySignatureFiles } from '../errors.js';
import { KeyFileNames } from '../layouts/key-file-names.js';
import type { LayoutName } from '../layouts/layout-name.js';
import { SINGLE_FILE } from '../layouts/layout.js';
import { MAX_SIGNATURE_FILES } from '../limits.js';
import { measureFramed } from '../spool/frame.js';
import { mergeRuns, type MergedBucket } from '../spool/merge-runs.js';
import { PlacesWriter } from '../spool/places.js';
import type { RunReceipt } from '../spool/run-format.js';
import { PLACES_FILE } from '../spool/spool-names.js';
import type { ManifestBucket } from '../tables/manifest.js';
import type { Remainder } from '../tables/remainders.js';

/** What was gathered of all numbers, and how it is to be laid out. */
export interface Gathered {
  readonly runs: readonly RunReceipt[];
  readonly origin: bigint;
  readonly aggregate: Aggregate;
  readonly layout: LayoutName;
  readonly spoolFolder: string;
}

/** Where all buckets go. */
export interface BucketPlaces {
  /** The table files that buckets are placed in: none in the layout `job`, whose files are there already. */
  readonly names: readonly string[];
  readonly fileBytes: Float64Array;
  /** In the layout `single`, the start of the last bucket. */
  readonly lastPlace: number | undefined;
  readonly path: string;
  readonly signatures: number;
  /** Numbers that have a key. */
  readonly count: bigint;
  /** How many values fractions went into; in the layout `job`, of all files together. */
  readonly remainders: number;
}

/**
 * Gives every bucket its place, in the order of their first numbers, and writes the places to the spool folder. Throws USAGE
 * for more files than a folder should have.
 */
export function placeAll(gathered: Gathered): BucketPlaces {
  const { runs, origin, layout, spoolFolder, aggregate } = gathered;
  const signatures = runs.reduce((sum, { entries }) => sum + entries, 0);
  if (layout === 'signature' && signatures > MAX_SIGNATURE_FILES)
    throw tooManySignatureFiles(signatures, MAX_SIGNATURE_FILES);
  const path = join(spoolFolder, PLACES_FILE);
  const writer = new PlacesWriter(
    path,
    runs.map(({ entries }) => entries),
  );
  const plan = new LayoutPlan(layout, aggregate);
  let count = 0n;
  let remainders = 0;
  try {
    for (const bucket of mergeRuns(runs, origin)) {
      writer.add(bucket.run, plan.add(bucket));
      count += BigInt(bucket.count);
      remainders += bucket.remainders.length;
    }
  } catch (error) {
    writer.close();
    throw error;
  }
  writer.end();
  return { ...plan.end(), path, signatures, count, remainders };
}

/** What the manifest says of each bucket, in the order of their first numbers. */
export function* listPlacedBuckets(gathered: Gathered): Generator<ManifestBucket> {
  const { runs, origin, layout, aggregate } = gathered;
  const plan = new LayoutPlan(layout, aggregate);
  for (const bucket of mergeRuns(runs, origin)) {
    const place = plan.add(bucket);
    const { key, first, last, textBytes, labelBytes } = bucket;
    const file = layout === 'single' ? SINGLE_FILE : plan.nameOf(place);
    const start = layout === 'single' ? place : 0;
    const bytes = textBytes + (aggregate.keepsNumbers ? (layout === 'job' ? bucket.pieces : 2) : 0);
    yield {
      key,
      ...(layout !== 'job' && { file, offset: BigInt(start + 1 + labelBytes) }),
      count: BigInt(bucket.count),
      bytes: BigInt(bytes),
      first,
      last,
    };
  }
}

/** What the values were rounded by that fractions went into; `nameOf` names the table of the layout `job` that a number's value is in. */
export function* listRemainders(
  { runs, origin, layout }: Gathered,
  nameOf: (offset: number) => string,
): Generator<Remainder> {
  for (const { key, remainders } of mergeRuns(runs, origin))
    for (const { offset, parts } of remainders)
      yield { key, ...(layout === 'job' && { file: nameOf(offset) }), remainder: parts };
}

/** Lays buckets out one after the other. */
class LayoutPlan {
  readonly #layout: LayoutName;
  readonly #aggregate: Aggregate;
  readonly #fileNames = new KeyFileNames();
  readonly #names: string[] = [];
  readonly #sizes: number[] = [];
  #tableBytes = 0;
  #lastPlace = 0;

  constructor(layout: LayoutName, aggregate: Aggregate) {
    this.#layout = layout;
    this.#aggregate = aggregate;
  }

  /** The place of the next bucket: its file's number, or its offset in the single table. */
  add(bucket: MergedBucket): number {
    if (this.#layout === 'job') return 0;
    if (this.#layout === 'signature') {
      this.#sizes.push(measureFramed(bucket, this.#aggregate, true));
      return this.#names.push(this.#fileNames.nameOf(bucket.key)) - 1;
    }
    this.#lastPlace = this.#tableBytes;
    this.#tableBytes += measureFramed(bucket, this.#aggregate, false);
    return this.#lastPlace;
  }

  nameOf(file: number): string {
    return this.#names[file] ?? '';
  }

  end(): Pick<BucketPlaces, 'names' | 'fileBytes' | 'lastPlace'> {
    if (this.#layout !== 'single')
      return { names: this.#names, fileBytes: Float64Array.from(this.#sizes), lastPlace: undefined };
    return {
      names: [SINGLE_FILE],
      fileBytes: Float64Array.of(this.#tableBytes + 1),
      lastPlace: this.#lastPlace,
    };
  }
}
