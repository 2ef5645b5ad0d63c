import type { Aggregate } from '../aggregates/aggregate.js';
import type { GroupedSlice } from '../buckets/grouping.js';
import { maxLabelBytes, writeLabel } from '../buckets/grouping-label.js';
import { NumberText, TEXT_SLACK_BYTES } from '../buckets/grouping-text.js';
import { toWholeNumber } from '../range/whole-number.js';

const BRACE = { open: 123, close: 125 };
const BRACKET = { open: 91, close: 93 };
const COMMA = 44;
/** A brace or comma, both brackets, and the last brace. */
const FRAME_BYTES = 4;

/** Makes the text of a table file of one slice. */
export class TableText {
  readonly #aggregate: Aggregate;
  readonly #text = new NumberText();
  #buffer = new Uint8Array(0);
  #view = new DataView(this.#buffer.buffer);
  #at = 0;

  constructor(aggregate: Aggregate) {
    this.#aggregate = aggregate;
  }

  /** The table of all buckets of `slice`, and by bucket the bytes of its numbers or its value. Throws a PlugInError. */
  tabulate(slice: GroupedSlice): { table: Uint8Array; sizes: Uint32Array } {
    const { keys, range } = slice;
    const count = Number(range.end - range.start);
    if (this.#aggregate.keepsNumbers) this.#text.begin(range.start, count);
    const sizes = new Uint32Array(keys.count);
    this.#at = 0;
    this.#reserve(this.#aggregate.keepsNumbers ? count * this.#text.width + keys.count * 8 : 1024);
    this.#buffer[this.#at++] = BRACE.open;
    for (let bucket = 0; bucket < keys.count; bucket++) {
      if (bucket > 0) this.#buffer[this.#at++] = COMMA;
      const [start, end] = [keys.startOf(bucket), keys.ends[bucket]!];
      this.#reserve(maxLabelBytes(end - start) + FRAME_BYTES);
      this.#at = writeLabel(keys.arena, start, end, this.#buffer, this.#at);
      sizes[bucket] = this.#aggregate.keepsNumbers
        ? this.#writeNumbers(slice, bucket)
        : this.#writeValue(slice, bucket);
    }
    this.#buffer[this.#at++] = BRACE.close;
    return { table: this.#buffer.subarray(0, this.#at), sizes };
  }

  #writeNumbers({ buckets }: GroupedSlice, bucket: number): number {
    const { offsets, starts } = buckets.order;
    this.#reserve(buckets.countOf(bucket) * this.#text.width + TEXT_SLACK_BYTES + FRAME_BYTES);
    this.#buffer[this.#at++] = BRACKET.open;
    const from = this.#at;
    this.#at = this.#text.write(offsets, starts[bucket]!, starts[bucket + 1]!, this.#view, from);
    this.#buffer[this.#at - 1] = BRACKET.close; // over the last comma
    return this.#at - 1 - from;
  }

  #writeValue({ buckets, range }: GroupedSlice, bucket: number): number {
    const n = toWholeNumber(range.start + BigInt(buckets.lastOf(bucket)));
    const text = Buffer.from(buckets.column.finish(bucket, n));
    this.#reserve(text.length + FRAME_BYTES);
    this.#buffer.set(text, this.#at);
    this.#at += text.length;
    return text.length;
  }

  /** Makes room for `bytes` more. */
  #reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, Math.ceil(1.5 * this.#buffer.length)));
    grown.set(this.#buffer.subarray(0, this.#at));
    this.#buffer = grown;
    this.#view = new DataView(grown.buffer);
  }
}
