import { partitionOf } from '../buckets/key-hash.js';
import { COPIED_SLICE_BYTES, COPIED_SLICE_PIECES } from '../limits.js';
import { hashKey } from './spool-entries.js';
import { encodeRow, ROW_BYTES, type encodeHeader } from './spool-format.js';
import { SpoolFrame } from './spool-frame.js';
import type { SpoolReceipt } from './spool-job.js';
import type { Stretch } from './spool-output.js';
import { VARINT_BYTES, writeVarint } from './varint.js';

/** The numbers of an entry, in the order in which they are written behind the key's size. */
const FIELDS = 4;

/** Some of a bucket: a part of its numbers, or a partial result; what is only known of it has no cell. */
export interface CopiedPiece {
  readonly key: Uint8Array;
  /** 0 where the numbers are counted elsewhere. */
  readonly count: number;
  /** The first and last number, as offsets from the start of the spool file's numbers. */
  readonly first: number;
  readonly last: number;
  readonly cell: Uint8Array;
  /** See `Column.remainder`. */
  readonly remainder?: Uint8Array | undefined;
}

/**
 * Writes a spool file from pieces of buckets that were made before; pieces of one bucket ascend. They are divided by the hash of their keys,
 * or as `add` is told.
 */
export class CopiedSpool {
  readonly #frame: SpoolFrame;
  readonly #partitions: number;
  readonly #hasCells: boolean;
  readonly #offset: number;
  /** The slice's keys, each followed by its remainder and its cell. */
  #bytes = new Uint8Array(2 * COPIED_SLICE_BYTES);
  #filled = 0;
  /** By piece. */
  readonly #ends = new Uint32Array(COPIED_SLICE_PIECES + 1);
  readonly #keyBytes = new Uint32Array(COPIED_SLICE_PIECES);
  /** One more than the bytes of the remainder; 0 where there is none. */
  readonly #remainderSizes = new Uint32Array(COPIED_SLICE_PIECES);
  readonly #partitionOf = new Uint32Array(COPIED_SLICE_PIECES);
  readonly #fields = new Float64Array(FIELDS * COPIED_SLICE_PIECES);
  #pieces = 0;
  /** The pieces by partition: partition p has `order[starts[p]]` up to, not including, `order[starts[p + 1]]`. */
  readonly #order = new Uint32Array(COPIED_SLICE_PIECES);
  readonly #starts: Uint32Array;
  #numbers = 0;
  #entries = 0;

  /** `offset` is that of the start of the file's numbers from the origin of the spool. */
  constructor(fd: number, header: Parameters<typeof encodeHeader>[0], offset: number) {
    this.#frame = new SpoolFrame(fd, header);
    this.#partitions = header.partitions;
    this.#hasCells = header.hasCells;
    this.#offset = offset;
    this.#starts = new Uint32Array(header.partitions + 1);
  }

  /** Adds a piece, to `partition` where it is not that of the key. Where the file has no cells, `cellBytes` tells how large it would be. */
  add(piece: CopiedPiece, partition?: number, cellBytes = piece.cell.length): void {
    const { key, count, first, last, cell, remainder } = piece;
    const i = this.#pieces++;
    this.#remainderSizes[i] = remainder ? remainder.length + 1 : 0;
    this.#reserve(key.length + (remainder?.length ?? 0) + cell.length);
    for (const bytes of [key, remainder, cell]) {
      if (!bytes) continue;
      this.#bytes.set(bytes, this.#filled);
      this.#filled += bytes.length;
    }
    this.#ends[i + 1] = this.#filled;
    this.#keyBytes[i] = key.length;
    this.#partitionOf[i] = partition ?? partitionOf(hashKey(key, 0, key.length), this.#partitions);
    this.#fields.set([count, first, last - first, cellBytes], FIELDS * i);
    this.#numbers += count;
    if (this.#filled >= COPIED_SLICE_BYTES || this.#pieces === COPIED_SLICE_PIECES) this.#endSlice();
  }

  /** Writes what is left; gives what the file came to. */
  end(): SpoolReceipt {
    if (this.#pieces > 0) this.#endSlice();
    return { ...this.#frame.end(), numbers: this.#numbers, entries: this.#entries };
  }

  #reserve(bytes: number): void {
    const needed = this.#filled + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#filled));
    this.#bytes = grown;
  }

  #endSlice(): void {
    const output = this.#frame.output;
    this.#orderByPartition();
    const cells = this.#hasCells ? this.#writeEach((i) => this.#writeCell(i)) : undefined;
    const entries = this.#writeEach((i) => this.#writeEntry(i));
    const rows = Buffer.alloc(this.#partitions * ROW_BYTES);
    for (let p = 0; p < this.#partitions; p++) {
      const { position: cellsAt, bytes: cellBytes, crc: cellsCrc } = cells?.[p] ?? NOTHING;
      const { position: entriesAt, bytes: entryBytes, crc: entriesCrc } = entries[p]!;
      const count = this.#starts[p + 1]! - this.#starts[p]!;
      const row = { cellsAt, cellBytes, cellsCrc, entriesAt, entryBytes, entriesCrc, entries: count };
      encodeRow(row, this.#frame.slices, p, rows, p * ROW_BYTES);
    }
    this.#frame.enterSlice(this.#offset, output.position);
    output.append(rows);
    this.#entries += this.#pieces;
    [this.#pieces, this.#filled] = [0, 0];
  }

  #orderByPartition(): void {
    const starts = this.#starts.fill(0);
    for (let i = 0; i < this.#pieces; i++) starts[this.#partitionOf[i]!]! += 1;
    for (let p = 1; p <= this.#partitions; p++) starts[p]! += starts[p - 1]!;
    for (let i = this.#pieces - 1; i >= 0; i--) {
      const p = this.#partitionOf[i]!;
      starts[p]! -= 1;
      this.#order[starts[p]!] = i;
    }
  }

  #writeEach(write: (piece: number) => void): Stretch[] {
    const stretches: Stretch[] = [];
    for (let p = 0; p < this.#partitions; p++) {
      this.#frame.output.beginStretch();
      const end = this.#starts[p + 1]!;
      for (let i = this.#starts[p]!; i < end; i++) write(this.#order[i]!);
      stretches.push(this.#frame.output.endStretch());
    }
    return stretches;
  }

  #writeCell(i: number): void {
    const remainderBytes = Math.max(0, this.#remainderSizes[i]! - 1);
    const from = this.#ends[i]! + this.#keyBytes[i]! + remainderBytes;
    this.#frame.output.append(this.#bytes.subarray(from, this.#ends[i + 1]));
  }

  #writeEntry(i: number): void {
    const keyBytes = this.#keyBytes[i]!;
    const remainderSize = this.#remainderSizes[i]!;
    const textBytes = keyBytes + Math.max(0, remainderSize - 1);
    this.#frame.output.reserve((2 + FIELDS) * VARINT_BYTES + textBytes);
    const { buffer } = this.#frame.output;
    let at = writeVarint(buffer, this.#frame.output.at, keyBytes);
    for (let field = FIELDS * i; field < FIELDS * (i + 1); field++)
      at = writeVarint(buffer, at, this.#fields[field]!);
    at = writeVarint(buffer, at, remainderSize);
    buffer.set(this.#bytes.subarray(this.#ends[i], this.#ends[i]! + textBytes), at);
    this.#frame.output.at = at + textBytes;
  }
}

const NOTHING: Stretch = { position: 0, bytes: 0, crc: 0 };
