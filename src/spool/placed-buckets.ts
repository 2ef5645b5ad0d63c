import { SpoolDamaged } from '../errors/spool.js';
import { measureHead } from './frame.js';
import { KeyTable } from './key-table.js';
import type { RunReceipt } from './run-format.js';
import { RunReader } from './run-reader.js';
import { hashKey } from './spool-entries.js';

/** The buckets of a partition while they are placed, by their index in the run: lists only. */
export class PlacedBuckets {
  readonly keys: KeyTable;
  /** Where each goes, as the sink understands it. */
  readonly places: Float64Array;
  /** Bytes of each bucket's numbers with a comma between each two. */
  readonly textBytes: Float64Array;
  /** How many bytes of each, with what stands before them, are placed. */
  readonly placed: Float64Array;

  /** Reads the run. Throws a SpoolDamaged. */
  constructor(run: RunReceipt, places: Float64Array) {
    this.places = places;
    this.textBytes = new Float64Array(run.entries);
    this.placed = new Float64Array(run.entries);
    // The run has all keys' bytes, and more.
    this.keys = new KeyTable(run.entries, run.bytes);
    const entry = new RunReader(run);
    while (entry.next()) {
      const { keys, keyStart, keyEnd } = entry;
      const id = this.keys.findOrAdd(keys, keyStart, keyEnd, hashKey(keys, keyStart, keyEnd));
      if (id !== entry.index) throw new SpoolDamaged(run.path, 'a key twice');
      this.textBytes[id] = entry.textBytes;
    }
  }

  /** The bytes before the text of a bucket: `{"key":[`. */
  headBytesOf(id: number): number {
    return measureHead(this.keys.arena, this.keys.startOf(id), this.keys.ends[id]!, true);
  }

  /** Whether all of every bucket is placed. */
  areComplete(): boolean {
    return this.textBytes.every((bytes, id) => {
      // The last brace may or may not be there.
      const behindText = this.placed[id]! - this.headBytesOf(id) - bytes;
      return behindText === 1 || behindText === 2;
    });
  }
}
