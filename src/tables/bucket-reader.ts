import type { Signature } from '../signatures/signature.js';
import type { Locator } from './locator.js';
import type { ManifestBucket } from './manifest.js';
import { readBlocks, type MemberBlock } from './member-blocks.js';
import { PieceReader } from './piece-reader.js';
import type { TableFiles } from './table-files.js';

/** A member's place: in a piece of its bucket, at an index there. */
interface MemberPlace {
  readonly reader: PieceReader;
  readonly index: number;
}

/** Reads one bucket of a table set, in as many pieces as it stands in. */
export class BucketReader {
  readonly #key: string;
  readonly #bucket: ManifestBucket;
  readonly #signature: Signature | undefined;
  readonly #locator: Locator;
  readonly #files: TableFiles;
  /** Members of the bucket below the table set's range. */
  readonly #rankBefore: bigint;
  #whole: PieceReader | undefined;
  /** Without closed form, in the layout job: all pieces, found on first use. */
  #pieces: readonly PieceReader[] | undefined;
  readonly count: number;

  constructor(
    bucket: ManifestBucket,
    locator: Locator,
    files: TableFiles,
    signature: Signature | undefined,
    start: bigint,
  ) {
    this.#key = bucket.key;
    this.#bucket = bucket;
    this.#signature = signature;
    this.#locator = locator;
    this.#files = files;
    this.#rankBefore = signature?.closedForm?.rank(bucket.key, start) ?? 0n;
    this.count = Number(bucket.count);
  }

  /** The member at `index`, from 0 to before `count`. Throws TABLES where the file holds something else there. */
  readAt(index: number): number | bigint {
    const form = this.#signature?.closedForm;
    if (!form) {
      const { reader, index: inPiece } = this.#find(index);
      return reader.readAt(inPiece);
    }
    const expected = form.select(this.#key, this.#rankBefore + BigInt(index));
    const place = this.#placeOf(expected, index);
    return place.reader.readAt(place.index, expected);
  }

  /** The index of `n` in the bucket, read and compared; `undefined` where it is not there. */
  indexOf(n: bigint): number | undefined {
    if (n < this.#bucket.first || n > this.#bucket.last) return undefined;
    const form = this.#signature?.closedForm;
    if (!form) return this.#search(n);
    const index = Number(form.rank(this.#key, n) - this.#rankBefore);
    const place = this.#placeOf(n, index);
    place.reader.readAt(place.index, n);
    return index;
  }

  /** The file, and the byte in it, where the member at `index` begins. */
  locateMember(index: number): { file: string; offset: number } {
    const form = this.#signature?.closedForm;
    const place = form
      ? this.#placeOf(form.select(this.#key, this.#rankBefore + BigInt(index)), index)
      : this.#find(index);
    return { file: place.reader.piece.file, offset: place.reader.offsetAt(place.index) };
  }

  /** The members from `from` to before `end`, as text; see `readBlocks`. */
  async *readBlocks(from: number, end: number): AsyncGenerator<MemberBlock, void, undefined> {
    if (from >= end) return;
    // Ascending members between two that are right, as many as there are: then all of them are right.
    this.readAt(from);
    this.readAt(end - 1);
    let before = 0;
    for (const reader of this.#listPieces()) {
      if (before >= end) return;
      const [first, last] = [Math.max(0, from - before), Math.min(reader.count, end - before)];
      if (first < last) yield* readBlocks(this.#files, reader, first, last);
      before += reader.count;
    }
  }

  /** The piece and index there of the member `n`, which is the bucket's `index`-th, by the closed form. */
  #placeOf(n: bigint, index: number): MemberPlace {
    if (this.#locator.isWhole) return { reader: this.#openWhole(), index };
    const piece = this.#locator.locateInJob(this.#key, this.#locator.jobOf(n));
    if (!piece) throw new Error(`no piece of ${this.#key} holds ${n}`); // the closed form contradicts itself
    const reader = new PieceReader(this.#files, piece, this.#key, this.#signature);
    const before = this.#signature?.closedForm?.rank(this.#key, piece.range.start) ?? 0n;
    return { reader, index: index - Number(before < this.#rankBefore ? 0n : before - this.#rankBefore) };
  }

  #find(index: number): MemberPlace {
    let left = index;
    for (const reader of this.#listPieces()) {
      if (left < reader.count) return { reader, index: left };
      left -= reader.count;
    }
    throw this.#openFirst().damagedAt(0, 'fewer numbers than the manifest says');
  }

  #search(n: bigint): number | undefined {
    let before = 0;
    for (const reader of this.#listPieces()) {
      const { start, end } = reader.piece.range;
      const index = n >= start && n < end ? reader.search(n) : undefined;
      if (index !== undefined) return before + index;
      before += reader.count;
    }
    return undefined;
  }

  *#listPieces(): Generator<PieceReader, void, undefined> {
    if (this.#locator.isWhole) {
      yield this.#openWhole();
      return;
    }
    const isLazy = this.#signature?.closedForm !== undefined;
    if (!isLazy) this.#pieces ??= Array.from(this.#openPieces());
    yield* this.#pieces ?? this.#openPieces();
  }

  *#openPieces(): Generator<PieceReader, void, undefined> {
    for (const piece of this.#locator.locate(this.#key)) {
      yield new PieceReader(this.#files, piece, this.#key, this.#signature);
    }
  }

  #openFirst(): PieceReader {
    for (const reader of this.#listPieces()) return reader;
    throw new Error(`${this.#key} has no piece`);
  }

  #openWhole(): PieceReader {
    if (this.#whole) return this.#whole;
    const piece = this.#locator.locateWhole(this.#bucket);
    const reader = new PieceReader(this.#files, piece, this.#key, this.#signature);
    if (reader.count !== this.count)
      throw reader.damagedAt(piece.offset, `not the ${this.count} numbers of the manifest`);
    this.#whole = reader;
    return reader;
  }
}
