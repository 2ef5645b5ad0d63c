import { writeHead, writeTail } from './frame.js';
import type { PlaceSink } from './place.js';
import type { PlacedBuckets } from './placed-buckets.js';
import { SpoolEntries } from './spool-entries.js';
import type { SlicePart, SpoolFiles } from './spool-files.js';

/** Cells of up to so many bytes are copied one by one: a call would take longer. */
const SHORT_CELL_BYTES = 24;
const COMMA = 44;
/** A bracket and a brace may stand behind a bucket. */
const TAIL_BYTES = 2;

/**
 * The entries of all parts; all texts, with room for the cells of a part behind them. A thread keeps them from window to
 * window and from partition to partition: so large, they would pile up until the garbage collector looks for them.
 */
const buffers = { entries: new Uint8Array(0), text: new Uint8Array(0) };

/** Gathers what some slices hold of each bucket, and places it at once. */
export class PlaceWindow {
  readonly #files: SpoolFiles;
  readonly #buckets: PlacedBuckets;
  readonly #sink: PlaceSink;
  readonly #entries = new SpoolEntries(new Uint8Array(0));
  /** By entry: its bucket. */
  #ids = new Int32Array(0);
  /** By bucket: bytes of its text in the window; then where the next cell goes. 0 where it has none. */
  readonly #at: Float64Array;
  /** The buckets that have numbers in the window, and where their texts begin. */
  #touched = new Int32Array(0);
  #starts = new Float64Array(0);
  #count = 0;

  constructor(files: SpoolFiles, buckets: PlacedBuckets, sink: PlaceSink) {
    this.#files = files;
    this.#buckets = buckets;
    this.#sink = sink;
    this.#at = new Float64Array(buckets.keys.count);
  }

  /** Places what `parts`, which follow those of the call before, hold. Throws a SpoolDamaged, and what the sink throws. */
  place(parts: readonly SlicePart[]): void {
    const total = parts.reduce((sum, { entries }) => sum + entries, 0);
    if (this.#ids.length < total) this.#ids = new Int32Array(total);
    if (this.#touched.length < Math.min(total, this.#at.length)) {
      this.#touched = new Int32Array(this.#at.length);
      this.#starts = new Float64Array(this.#at.length);
    }
    this.#measure(parts);
    const textEnd = this.#assignStarts();
    const largest = parts.reduce((bytes, { cellBytes }) => Math.max(bytes, cellBytes), 0);
    if (buffers.text.length < textEnd + largest) buffers.text = new Uint8Array(textEnd + largest);
    this.#writeHeads();
    this.#copyCells(parts, textEnd);
    for (let i = 0; i < this.#count; i++) this.#placeBucket(this.#touched[i]!, this.#starts[i]!);
  }

  /** Finds the bucket of each entry, and how much the window holds of it. */
  #measure(parts: readonly SlicePart[]): void {
    const bytes = parts.reduce((sum, { entryBytes }) => sum + entryBytes, 0);
    if (buffers.entries.length < bytes) buffers.entries = new Uint8Array(bytes);
    const entries = this.#entries;
    const { keys } = this.#buckets;
    const known = keys.count;
    entries.bytes = buffers.entries;
    let position = 0;
    let i = 0;
    this.#count = 0;
    for (const part of parts) {
      this.#files.readEntries(part, buffers.entries, position);
      entries.seek(position);
      position += part.entryBytes;
      for (let left = part.entries; left > 0; left--) {
        entries.next();
        const { keyStart, keyEnd, hash } = entries;
        const id = keys.findOrAdd(entries.bytes, keyStart, keyEnd, hash);
        if (id >= known) throw this.#files.damaged(part.file, 'a key that its run does not have');
        if (this.#at[id] === 0) this.#touched[this.#count++] = id;
        this.#at[id]! += entries.cellBytes + 1;
        this.#ids[i++] = id;
      }
    }
  }

  /** Gives each bucket its room, in the order in which they came; returns where the last one's ends. */
  #assignStarts(): number {
    const { placed } = this.#buckets;
    let end = 0;
    for (let i = 0; i < this.#count; i++) {
      const id = this.#touched[i]!;
      const bytes = this.#at[id]!;
      this.#starts[i] = end;
      const head = placed[id] === 0 ? this.#buckets.headBytesOf(id) : 0;
      this.#at[id] = end + head;
      end += head + bytes + TAIL_BYTES;
    }
    return end;
  }

  #writeHeads(): void {
    const { text } = buffers;
    const { keys, placed, places } = this.#buckets;
    for (let i = 0; i < this.#count; i++) {
      const id = this.#touched[i]!;
      if (placed[id] !== 0) continue;
      const { startsFile } = this.#sink.endsOf(places[id]!);
      writeHead(keys.arena, keys.startOf(id), keys.ends[id]!, startsFile, true, text, this.#starts[i]!);
    }
  }

  #copyCells(parts: readonly SlicePart[], cellsAt: number): void {
    const entries = this.#entries;
    const text = buffers.text;
    let position = 0;
    let i = 0;
    for (const part of parts) {
      this.#files.readCells(part, text, cellsAt);
      entries.seek(position);
      position += part.entryBytes;
      let from = cellsAt;
      for (let left = part.entries; left > 0; left--) {
        entries.next();
        const { cellBytes } = entries;
        const id = this.#ids[i++]!;
        const to = this.#at[id]!;
        if (cellBytes > SHORT_CELL_BYTES) text.copyWithin(to, from, from + cellBytes);
        else for (let k = 0; k < cellBytes; k++) text[to + k] = text[from + k]!;
        text[to + cellBytes] = COMMA;
        this.#at[id] = to + cellBytes + 1;
        from += cellBytes;
      }
    }
  }

  #placeBucket(id: number, start: number): void {
    const { places, placed, textBytes } = this.#buckets;
    const place = places[id]!;
    const { endsFile } = this.#sink.endsOf(place);
    let end = this.#at[id]!;
    this.#at[id] = 0;
    const before = placed[id]!;
    const framed = this.#buckets.headBytesOf(id) + textBytes[id]! + (endsFile ? 2 : 1);
    // Behind the bucket's last number stands a bracket in the place of the comma.
    const isLast = before + end - start >= framed - (endsFile ? 1 : 0);
    if (isLast) end = writeTail(endsFile, true, buffers.text, end - 1);
    placed[id] = before + end - start;
    this.#sink.write(place, before, buffers.text.subarray(start, end), framed);
  }
}
