import { resolve } from 'node:path';
import { toBigint, toWholeNumber, type WholeNumber } from '../range/whole-number.js';
import type { MemberSelection } from '../signatures/closed-form.js';
import { findSignature } from '../signatures/registry.js';
import type { Signature } from '../signatures/signature.js';
import { BucketReader } from './bucket-reader.js';
import { Locator } from './locator.js';
import { openManifest, type ManifestView } from './manifest-view.js';
import type { Manifest } from './manifest.js';
import { parseDigits } from './piece-reader.js';
import { TableFiles } from './table-files.js';

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
 */
export class Tables {
  readonly #view: ManifestView;
  readonly #signature: Signature | undefined;
  readonly #files: TableFiles;
  readonly #locator: Locator;
  readonly #readers = new Map<string, BucketReader>();

  /** @internal */
  constructor(folder: string, view: ManifestView, { maxOpenFiles }: OpenOptions) {
    const { name, version, fileHash } = view.head.signature;
    this.#view = view;
    this.#signature = findSignature(name, version, fileHash);
    this.#files = new TableFiles(resolve(folder), (file) => view.bytesOf(file), maxOpenFiles);
    this.#locator = new Locator(view, this.#signature?.closedForm, this.#files);
  }

  /** What the table set holds, by its manifest: range, layout, counts, files, buckets. */
  get manifest(): Manifest {
    return this.#view.manifest;
  }

  /** All signatures of the table set, in the order of their first numbers. */
  signatures(): string[] {
    return this.manifest.buckets.map(({ key }) => key);
  }

  /**
   * The signature of a number. For the built-in signature it is computed; for others it is searched for in the tables,
   * and a RangeError tells that the number is not there.
   */
  signatureOf(n: WholeNumber): string {
    const value = toBigint(n);
    const found = this.#signature?.keyOf(value) ?? this.#searchAll(value)?.signature;
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
    const known = this.#readers.get(signature);
    if (known) return known;
    const bucket = this.#locator.bucketOf(signature);
    if (!bucket) return undefined;
    const { start } = this.#view.head.range;
    const reader = new BucketReader(bucket, this.#locator, this.#files, this.#signature, start);
    this.#readers.set(signature, reader);
    return reader;
  }

  #lookUp(n: bigint): { signature: string; index: number } | undefined {
    const { start, end } = this.#view.head.range;
    if (n < start || n >= end) return undefined;
    if (!this.#signature) return this.#searchAll(n);
    const signature = this.#signature.keyOf(n);
    const index = this.#readerOf(signature)?.indexOf(n);
    return index === undefined ? undefined : { signature, index };
  }

  /** Without the function of the signature, each bucket that may hold the number is searched. */
  #searchAll(n: bigint): { signature: string; index: number } | undefined {
    for (const { key, first, last } of this.manifest.buckets) {
      if (n < first || n > last) continue;
      const index = this.#readerOf(key)?.indexOf(n);
      if (index !== undefined) return { signature: key, index };
    }
    return undefined;
  }
}
