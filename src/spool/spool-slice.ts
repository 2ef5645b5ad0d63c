import type { Aggregate } from '../aggregates/aggregate.js';
import { growTo } from '../aggregates/growing.js';
import type { GroupedSlice } from '../buckets/grouping.js';
import { NumberText, TEXT_SLACK_BYTES } from '../buckets/grouping-text.js';
import { partitionOf } from '../buckets/key-hash.js';
import { toWholeNumber } from '../range/whole-number.js';
import { encodeRow, ROW_BYTES } from './spool-format.js';
import type { SpoolOutput, Stretch } from './spool-output.js';
import { VARINT_BYTES, writeVarint } from './varint.js';

/** Numbers of an entry: the key's length, count, first and last number, the sizes of the cell and of the remainder. */
const ENTRY_NUMBERS = 6;

/** Writes the buckets of slices, cut into partitions. */
export class SliceSpooler {
  readonly #aggregate: Aggregate;
  readonly #partitions: number;
  readonly #text = new NumberText();
  /** The buckets by partition: partition p has `order[starts[p]]` up to, not including, `order[starts[p + 1]]`. */
  #order = new Int32Array(0);
  readonly #starts: Int32Array;
  #cellBytes: Uint32Array = new Uint32Array(0);
  readonly #rows: Buffer;

  constructor(aggregate: Aggregate, partitions: number) {
    this.#aggregate = aggregate;
    this.#partitions = partitions;
    this.#starts = new Int32Array(partitions + 1);
    this.#rows = Buffer.alloc(partitions * ROW_BYTES);
  }

  /**
   * Writes the `index`-th slice of a job; returns the position of its rows. Where `sizes` gives the bytes of the buckets'
   * cells, those stand elsewhere, and are not written: what finished values were rounded by is, with the entries.
   */
  write(slice: GroupedSlice, index: number, output: SpoolOutput, sizes?: Uint32Array): number {
    this.#orderByPartition(slice);
    this.#cellBytes = sizes ?? growTo(this.#cellBytes, slice.keys.count);
    const cells = sizes ? undefined : this.#writeCells(slice, output);
    const entries = this.#writeEach(output, (bucket) =>
      this.#writeEntry(slice, bucket, output, sizes ? slice.buckets.column.remainder?.(bucket) : undefined),
    );
    for (let p = 0; p < this.#partitions; p++) {
      const { position: cellsAt, bytes: cellBytes, crc: cellsCrc } = cells?.[p] ?? NOTHING;
      const { position: entriesAt, bytes: entryBytes, crc: entriesCrc } = entries[p]!;
      const count = this.#starts[p + 1]! - this.#starts[p]!;
      const row = { cellsAt, cellBytes, cellsCrc, entriesAt, entryBytes, entriesCrc, entries: count };
      encodeRow(row, index, p, this.#rows, p * ROW_BYTES);
    }
    const position = output.position;
    output.append(this.#rows);
    return position;
  }

  #orderByPartition({ keys }: GroupedSlice): void {
    const starts = this.#starts.fill(0);
    if (this.#order.length < keys.count) this.#order = new Int32Array(2 * keys.count);
    const { hashes } = keys;
    const partitions = this.#partitions;
    for (let b = 0; b < keys.count; b++) starts[partitionOf(hashes[b]!, partitions)]! += 1;
    for (let p = 1; p <= partitions; p++) starts[p]! += starts[p - 1]!;
    for (let b = keys.count - 1; b >= 0; b--) {
      const p = partitionOf(hashes[b]!, partitions);
      starts[p]! -= 1;
      this.#order[starts[p]!] = b;
    }
  }

  #writeEach(output: SpoolOutput, write: (bucket: number) => void): Stretch[] {
    const stretches: Stretch[] = [];
    for (let p = 0; p < this.#partitions; p++) {
      output.beginStretch();
      const end = this.#starts[p + 1]!;
      for (let i = this.#starts[p]!; i < end; i++) write(this.#order[i]!);
      stretches.push(output.endStretch());
    }
    return stretches;
  }

  #writeCells(slice: GroupedSlice, output: SpoolOutput): Stretch[] {
    if (!this.#aggregate.keepsNumbers)
      return this.#writeEach(output, (b) => this.#writePartial(slice, b, output));
    const { start, end } = slice.range;
    this.#text.begin(start, Number(end - start));
    return this.#writeEach(output, (b) => this.#writeNumbers(slice, b, output));
  }

  #writePartial({ buckets, range }: GroupedSlice, bucket: number, output: SpoolOutput): void {
    const n = toWholeNumber(range.start + BigInt(buckets.lastOf(bucket)));
    const bytes = buckets.column.encode(bucket, n);
    output.append(bytes);
    this.#cellBytes[bucket] = bytes.length;
  }

  #writeNumbers({ buckets }: GroupedSlice, bucket: number, output: SpoolOutput): void {
    const { offsets, starts } = buckets.order;
    const { width } = this.#text;
    const end = starts[bucket + 1]!;
    let bytes = 0;
    for (let i = starts[bucket]!; i < end;) {
      output.reserve(width + TEXT_SLACK_BYTES);
      const room = Math.floor((output.buffer.length - TEXT_SLACK_BYTES - output.at) / width);
      const to = Math.min(end, i + room);
      const at = this.#text.write(offsets, i, to, output.view, output.at);
      bytes += at - output.at;
      output.at = at;
      i = to;
    }
    output.at -= 1; // the last comma
    this.#cellBytes[bucket] = bytes - 1;
  }

  #writeEntry(
    { keys, buckets }: GroupedSlice,
    bucket: number,
    output: SpoolOutput,
    remainder: Uint8Array | undefined,
  ): void {
    const keyStart = keys.startOf(bucket);
    const keyEnd = keys.ends[bucket]!;
    output.reserve(ENTRY_NUMBERS * VARINT_BYTES + keyEnd - keyStart + (remainder?.length ?? 0));
    const { buffer } = output;
    const first = buckets.firstOf(bucket);
    let at = writeVarint(buffer, output.at, keyEnd - keyStart);
    at = writeVarint(buffer, at, buckets.countOf(bucket));
    at = writeVarint(buffer, at, first);
    at = writeVarint(buffer, at, buckets.lastOf(bucket) - first);
    at = writeVarint(buffer, at, this.#cellBytes[bucket]!);
    at = writeVarint(buffer, at, remainder ? remainder.length + 1 : 0);
    for (let k = keyStart; k < keyEnd; k++) buffer[at++] = keys.arena[k]!;
    if (remainder) buffer.set(remainder, at);
    output.at = at + (remainder?.length ?? 0);
  }
}

const NOTHING: Stretch = { position: 0, bytes: 0, crc: 0 };
