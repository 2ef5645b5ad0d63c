import { resolve } from 'node:path';
import { tablesHoldLists, tablesHoldValues, valueInEachJob } from '../errors.js';
import { KEPT_BUCKET_READERS } from '../limits.js';
import { toBigint, toWholeNumber, type WholeNumber } from '../range/whole-number.js';
import type { MemberSelection } from '../signatures/closed-form.js';
import { findSignature } from '../signatures/registry.js';
import type { Signature } from '../signatures/signature.js';
import { BucketReader } from './bucket-reader.js';
import type { PartValue } from './combine-values.js';
import type { JsonValue } from './exact-json.js';
import { Locator } from './locator.js';
import type { ManifestView } from './manifest-view.js';
import type { Manifest, ManifestBucket } from './manifest.js';
import { TableFiles } from './table-files.js';
import type { MemberBlock } from './member-blocks.js';
import { RemainderList } from './remainders.js';
import { parseMembers, type FoundNumber, type OpenOptions, type Tables } from './tables.js';
import { readValue, type BucketValue } from './value-reader.js';

/** A table set that is not sharded. */
export class PlainTables implements Tables {
  readonly #folder: string;
  readonly #view: ManifestView;
  readonly #signature: Signature | undefined;
  readonly #files: TableFiles;
  readonly #locator: Locator;
  readonly #remainders: RemainderList | undefined;
  readonly #readers = new Map<string, BucketReader>();

  /** @internal */
  constructor(folder: string, view: ManifestView, { maxOpenFiles }: OpenOptions) {
    const { name, version, fileHash } = view.head.signature;
    this.#folder = folder;
    this.#view = view;
    this.#signature = findSignature(name, version, fileHash);
    this.#files = new TableFiles(resolve(folder), (file) => view.bytesOf(file), maxOpenFiles);
    this.#locator = new Locator(view, this.#signature?.closedForm, this.#files);
    const { remainders } = view.head;
    this.#remainders = remainders && new RemainderList(remainders, this.#files, (file) => view.bytesOf(file));
  }

  get manifest(): Manifest {
    return this.#view.manifest;
  }

  signatures(): string[] {
    return Array.from(this.#locator.buckets(), ({ key }) => key);
  }

  buckets(): Iterable<ManifestBucket> {
    return this.#locator.buckets();
  }

  get aggregate(): string | undefined {
    return this.#view.head.aggregate;
  }

  value(signature: string): JsonValue | undefined {
    return this.#readValue(signature)?.value;
  }

  valueText(signature: string): string | undefined {
    return this.#readValue(signature)?.text;
  }

  signatureOf(n: WholeNumber): string {
    const value = toBigint(n);
    const found = this.#signature?.keyOf(value) ?? this.#lookUp(value)?.signature;
    if (found === undefined) throw new RangeError(`${value} is not in the tables`);
    return found;
  }

  count(signature: string): WholeNumber {
    return toWholeNumber(this.#locator.bucketOf(signature)?.count ?? 0n);
  }

  at(signature: string, index: WholeNumber): WholeNumber | undefined {
    const i = typeof index === 'number' && Number.isSafeInteger(index) ? index : Number(toBigint(index));
    const reader = this.#readerOf(signature);
    return reader === undefined || i < 0 || i >= reader.count ? undefined : reader.readAt(i);
  }

  indexOf(n: WholeNumber): WholeNumber | undefined {
    return this.#lookUp(toBigint(n))?.index;
  }

  has(n: WholeNumber): boolean {
    return this.#lookUp(toBigint(n)) !== undefined;
  }

  find(n: WholeNumber): FoundNumber | undefined {
    const found = this.#lookUp(toBigint(n));
    const reader = found && this.#readerOf(found.signature);
    return found && reader && { ...found, ...reader.locateMember(found.index) };
  }

  members(signature: string, selection?: MemberSelection): AsyncGenerator<WholeNumber, void, undefined> {
    return parseMembers(this.readText(signature, selection));
  }

  async *readText(
    signature: string,
    { from = 0, limit }: MemberSelection = {},
  ): AsyncGenerator<MemberBlock, void, undefined> {
    const reader = this.#readerOf(signature);
    const first = toBigint(from);
    if (!reader || first < 0n || first >= reader.count) return;
    const left = BigInt(reader.count) - first;
    const count = limit === undefined ? left : toBigint(limit);
    yield* reader.readBlocks(Number(first), Number(first + (count < left ? count : left)));
  }

  close(): void {
    this.#files.close();
  }

  /** The value of a signature as a part of that of several table sets; nothing for an unknown one. Throws as `valueText` does. */
  partValue(signature: string): PartValue | undefined {
    const text = this.valueText(signature);
    if (text === undefined) return undefined;
    return { text, remainder: this.#remainders?.find(signature)?.remainder };
  }

  /** In the layout `job`: the first and the last file that has a value of the signature; nothing for an unknown one. */
  findValueFiles(signature: string): [string, string] | undefined {
    const bucket = this.#locator.bucketOf(signature);
    return bucket && this.#listValueFiles(bucket);
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
    if (!this.#locator.isWhole) {
      const [from, to] = this.#listValueFiles(bucket);
      throw valueInEachJob(this.#folder, signature, from, to);
    }
    return readValue(this.#files, bucket, this.aggregate, this.#view.bytesOf(bucket.file ?? '') ?? 0n);
  }

  #listValueFiles({ first, last }: ManifestBucket): [string, string] {
    const { files } = this.manifest;
    const nameOf = (n: bigint): string => files[this.#locator.jobOf(n)]?.file ?? '';
    return [nameOf(first), nameOf(last)];
  }
}
