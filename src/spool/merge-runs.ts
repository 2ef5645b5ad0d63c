import { measureLabel } from '../buckets/grouping-label.js';
import { decodeRemainders, type RemainderRecord } from './remainder-records.js';
import type { RunReceipt } from './run-format.js';
import { RunReader } from './run-reader.js';

/** A bucket of the build, as its run says. */
export interface MergedBucket {
  /** The index of its run, and its own in that. */
  readonly run: number;
  readonly index: number;
  readonly key: string;
  /** Bytes of the label, `"key":` in JSON. */
  readonly labelBytes: number;
  readonly count: number;
  readonly first: bigint;
  readonly last: bigint;
  /** In how many slices it has numbers; in the layout `job` in how many files. */
  readonly pieces: number;
  /** Bytes of its numbers with a comma between each two, or of its value; in the layout `job`, of all files together. */
  readonly textBytes: number;
  /** The finished value as JSON text, where there is one. */
  readonly value: string | undefined;
  /** See `RunEntry`; none where there are none. */
  readonly remainders: readonly RemainderRecord[];
}

/**
 * Merges runs: all buckets, ascending by first number. One block of each run is in memory. `origin` is the start of the
 * build's range. Throws a SpoolDamaged.
 */
export function* mergeRuns(runs: readonly RunReceipt[], origin: bigint): Generator<MergedBucket> {
  const readers = runs.map((run) => new RunReader(run));
  const heap = new RunHeap(readers);
  for (let run = heap.lowest; run !== undefined; run = heap.lowest) {
    const reader = readers[run]!;
    yield describeBucket(reader, run, origin);
    heap.replaceLowest();
  }
}

function describeBucket(entry: RunReader, run: number, origin: bigint): MergedBucket {
  const { keys, keyStart, keyEnd, index, count, pieces, textBytes } = entry;
  return {
    run,
    index,
    key: Buffer.from(keys.buffer, keys.byteOffset + keyStart, keyEnd - keyStart).toString(),
    labelBytes: measureLabel(keys, keyStart, keyEnd),
    count,
    first: origin + BigInt(entry.first),
    last: origin + BigInt(entry.last),
    pieces,
    textBytes,
    value: entry.value && Buffer.from(entry.value).toString(),
    remainders: entry.remainders ? decodeRemainders(entry.remainders) : [],
  };
}

/** A binary heap of runs by the first number of the bucket that each stands at. */
class RunHeap {
  readonly #readers: readonly RunReader[];
  readonly #heap: number[] = [];

  constructor(readers: readonly RunReader[]) {
    this.#readers = readers;
    readers.forEach((reader, run) => {
      if (reader.next()) this.#heap.push(run);
    });
    for (let i = this.#heap.length >> 1; i >= 0; i--) this.#sink(i);
  }

  /** The run that stands at the lowest number; undefined once all are at their ends. */
  get lowest(): number | undefined {
    return this.#heap[0];
  }

  /** Takes the lowest run to its next bucket. */
  replaceLowest(): void {
    const run = this.#heap[0];
    if (run === undefined) return;
    if (!this.#readers[run]!.next()) {
      const last = this.#heap.pop()!;
      if (this.#heap.length === 0) return;
      this.#heap[0] = last;
    }
    this.#sink(0);
  }

  #sink(from: number): void {
    const heap = this.#heap;
    for (let i = from; ;) {
      const left = 2 * i + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const child = right < heap.length && this.#isBelow(right, left) ? right : left;
      if (!this.#isBelow(child, i)) return;
      [heap[i], heap[child]] = [heap[child]!, heap[i]!];
      i = child;
    }
  }

  #isBelow(i: number, j: number): boolean {
    return this.#readers[this.#heap[i]!]!.first < this.#readers[this.#heap[j]!]!.first;
  }
}
