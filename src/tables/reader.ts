import { resolve } from 'node:path';
import { tablesHoldLists, tablesHoldValues, valueInEachJob } from '../errors.js';
import { KEPT_BUCKET_READERS } from '../limits.js';
import { toBigint, toWholeNumber, type WholeNumber } from '../range/whole-number.js';
import type { MemberSelection } from '../signatures/closed-form.js';
import { findSignature } from '../signatures/registry.js';
import type { Signature } from '../signatures/signature.js';
import { BucketReader } from './bucket-reader.js';
import type { JsonValue } from './exact-json.js';
import { Locator } from './locator.js';
import { openManifest, type ManifestView } from './manifest-view.js';
import type { Manifest, ManifestBucket } from './manifest.js';
import { parseDigits } from './piece-reader.js';
import { TableFiles } from './table-files.js';
import { readValue, type BucketValue } from './value-reader.js';

/** Where a number stands in a table set. */
export interface FoundNumber {
  readonly signature: string;
  /** Its index, from 0 on, among the numbers with this signature. */
  readonly index: WholeNumber;
  /** The name of its file in the table set's folder. */
  readonly file: string;
  /** Where its digits begin in the file, in bytes. */
  readonly offset: number;
}

/** How a table set is opened. */
export interface OpenOptions {
  /** Table files held open at once; 8192, or half of what the process may open, unless given. */
  readonly maxOpenFiles?: number;
}

/**
 * Opens the table set in `folder`: reads its manifest, and no table yet. Throws a SigtablesError TABLES where there is
 * none, where it is incomplete or damaged, or where a newer sigtables wrote it.
 */
export async function openTables(folder: string, options: OpenOptions = {}): Promise<Tables> {
  return new Tables(folder, await openManifest(folder), options);
}

/**
 * An open table set. Numbers are given as `number` up to 2^53 − 1 and as `bigint` above; either is taken, and a fraction
 * or an unsafe `number` is a RangeError. An index is a place in a file: what is asked for is read, never a whole file,
 * and checked on the way. All methods throw a SigtablesError: TABLES, naming file and byte, where a file is gone, has
 * changed in size, or does not hold what it must; IO where the system refuses; USAGE after `close()`.
 *
 * A table set of `--aggregate` holds one value for each signature instead of a list of numbers. `value` and `valueText` read
 * those and are a USAGE error elsewhere; what reads numbers, such as `at`, `indexOf` and `members`, is one there.
 */
export class Tables {
  readonly #folder: string;
  readonly #view: ManifestView;
  readonly #signature: Signature | undefined;
  readonly #files: TableFiles;
  readonly #locator: Locator;
  readonly #readers = new Map<string, BucketReader>();

  /** @internal */
  constructor(folder: string, view: ManifestView, { maxOpenFiles }: OpenOptions) {
    const { name, version, fileHash } = view.head.signature;
    this.#folder = folder;
    this.#view = view;
    this.#signature = findSignature(name, version, fileHash);
    this.#files = new TableFiles(resolve(folder), (file) => view.bytesOf(file), maxOpenFiles);
    this.#locator = new Locator(view, this.#signature?.closedForm, this.#files);
  }

  /**
   * What the table set holds, by its manifest: range, layout, counts, files, buckets. Where there are more than 200,000
   * buckets, `buckets` is empty, and `bucketList` names the file that lists them.
   */
  get manifest(): Manifest {
    return this.#view.manifest;
  }

  /** All signatures of the table set, in the order of their first numbers; with a `bucketList` in that of the file. */
  signatures(): string[] {
    return Array.from(this.#locator.buckets(), ({ key }) => key);
  }

  /** What is known of each bucket, in the same order, read as it is asked for. @internal */
  buckets(): Iterable<ManifestBucket> {
    return this.#locator.buckets();
  }

  /** What the buckets hold in place of their numbers, such as `count`; `undefined` where they hold those. */
  get aggregate(): string | undefined {
    return this.#view.head.aggregate;
  }

  /**
   * The value of a signature, as JSON has it, with bigints for whole numbers above 2^53 − 1; `undefined` for an unknown one.
   * In the layout `job` there is one in each job's file, and this is a USAGE error that names them.
   */
  value(signature: string): JsonValue | undefined {
    return this.#readValue(signature)?.value;
  }

  /** The same as its JSON text, just as it stands in the table. */
  valueText(signature: string): string | undefined {
    return this.#readValue(signature)?.text;
  }

  /**
   * The signature of a number. For the built-in signature it is computed; for others it is searched for in the tables,
   * and a RangeError tells that the number is not there.
   */
  signatureOf(n: WholeNumber): string {
    const value = toBigint(n);
    const found = this.#signature?.keyOf(value) ?? this.#lookUp(value)?.signature;
    if (found === undefined) throw new RangeError(`${value} is not in the tables`);
    return found;
  }

  /** How many numbers have the signature; 0 for an unknown one. */
  count(signature: string): WholeNumber {
    return toWholeNumber(this.#locator.bucketOf(signature)?.count ?? 0n);
  }

  /** The number at `index` (from 0 on) among those with the signature; `undefined` where there is none. One small read. */
  at(signature: string, index: WholeNumber): WholeNumber | undefined {
    const i = typeof index === 'number' && Number.isSafeInteger(index) ? index : Number(toBigint(index));
    const reader = this.#readerOf(signature);
    return reader === undefined || i < 0 || i >= reader.count ? undefined : reader.readAt(i);
  }

  /** The index of `n` among the numbers with its signature; `undefined` where the table set does not hold it. */
  indexOf(n: WholeNumber): WholeNumber | undefined {
    return this.#lookUp(toBigint(n))?.index;
  }

  /** Whether the table set holds `n`. */
  has(n: WholeNumber): boolean {
    return this.#lookUp(toBigint(n)) !== undefined;
  }

  /** Where `n` stands: its signature, index, file and byte offset; `undefined` where the table set does not hold it. */
  find(n: WholeNumber): FoundNumber | undefined {
    const found = this.#lookUp(toBigint(n));
    const reader = found && this.#readerOf(found.signature);
    return found && reader && { ...found, ...reader.locateMember(found.index) };
  }

  /**
   * The numbers with the signature, ascending, from any index on; none for an unknown one. Read in blocks, each of them
   * checked before its first number is given.
   */
  async *members(
    signature: string,
    selection: MemberSelection = {},
  ): AsyncGenerator<WholeNumber, void, undefined> {
    for await (const { text, width } of this.readText(signature, selection)) {
      for (let at = 0; at < text.length; at += width + 1) {
        const value = parseDigits(text, at, at + width);
        if (value !== undefined) yield value;
      }
    }
  }

  /**
   * The same as text: digits and a line feed for each number, in blocks of some 256 kB whose numbers have `width` digits.
   */
  async *readText(
    signature: string,
    { from = 0, limit }: MemberSelection = {},
  ): AsyncGenerator<{ text: Buffer; width: number }, void, undefined> {
    const reader = this.#readerOf(signature);
    const first = toBigint(from);
    if (!reader || first < 0n || first >= reader.count) return;
    const left = BigInt(reader.count) - first;
    const count = limit === undefined ? left : toBigint(limit);
    yield* reader.readBlocks(Number(first), Number(first + (count < left ? count : left)));
  }

  /** Closes all files. Reading afterwards is a USAGE error. */
  close(): void {
    this.#files.close();
  }

  #readerOf(signature: string): BucketReader | undefined {
    this.#requireLists();
    const known = this.#readers.get(signature);
    if (known) return known;
    const bucket = this.#locator.bucketOf(signature);
    if (!bucket) return undefined;
    const { start } = this.#view.head.range;
    const reader = new BucketReader(bucket, this.#locator, this.#files, this.#signature, start);
    if (this.#readers.size >= KEPT_BUCKET_READERS) this.#readers.clear();
    this.#readers.set(signature, reader);
    return reader;
  }

  #lookUp(n: bigint): { signature: string; index: number } | undefined {
    this.#requireLists();
    const { start, end } = this.#view.head.range;
    if (n < start || n >= end) return undefined;
    const signatures = this.#signature ? [this.#signature.keyOf(n)] : this.#listHolders(n);
    for (const signature of signatures) {
      const index = this.#readerOf(signature)?.indexOf(n);
      if (index !== undefined) return { signature, index };
    }
    return undefined;
  }

  *#listHolders(n: bigint): Generator<string> {
    for (const { key } of this.#locator.holdersOf(n)) yield key;
  }

  #requireLists(): void {
    if (this.aggregate !== undefined) throw tablesHoldValues(this.#folder, this.aggregate);
  }

  #readValue(signature: string): BucketValue | undefined {
    if (this.aggregate === undefined) throw tablesHoldLists(this.#folder);
    const bucket = this.#locator.bucketOf(signature);
    if (!bucket) return undefined;
    if (!this.#locator.isWhole) throw this.#valueInEachJob(bucket);
    return readValue(this.#files, bucket, this.aggregate, this.#view.bytesOf(bucket.file ?? '') ?? 0n);
  }

  #valueInEachJob({ key, first, last }: ManifestBucket): Error {
    const { files } = this.manifest;
    const [from, to] = [first, last].map((n) => files[this.#locator.jobOf(n)]?.file ?? '');
    return valueInEachJob(this.#folder, key, from ?? '', to ?? '');
  }
}
