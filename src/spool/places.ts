import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { openPlainFile, WRITE_PLAIN } from '../files/plain-file.js';
import { SpoolDamaged } from '../errors/spool.js';
import { PLACES_BLOCK } from '../limits.js';
import { crc32 } from '../tables/crc32.js';
import { writeFully } from '../tables/write-fully.js';

// A file with a double for each bucket of each run, run by run, and then the CRC-32 of each run's.

const PLACE_BYTES = 8;
const CRC_BYTES = 4;

/** Where the places of a run are, as the workers are told. */
export interface PlacesOfRun {
  readonly path: string;
  /** How many buckets each run has. */
  readonly entries: readonly number[];
  readonly run: number;
}

/** Keeps for each bucket where it goes, a whole number below 2^53: its offset in the table, or its file's number. */
export class PlacesWriter {
  readonly #fd: number;
  readonly #starts: readonly number[];
  readonly #blocks: (Float64Array | undefined)[] = [];
  readonly #filled: number[];
  readonly #written: number[];
  readonly #crcs: Uint32Array;

  /** `entries` says how many buckets each run has. Throws what the system throws. */
  constructor(path: string, entries: readonly number[]) {
    this.#starts = startsOf(entries);
    this.#filled = entries.map(() => 0);
    this.#written = entries.map(() => 0);
    this.#crcs = new Uint32Array(entries.length);
    this.#fd = openSync(path, WRITE_PLAIN, 0o666);
  }

  /** Says where the next bucket of `run` goes. */
  add(run: number, place: number): void {
    const block = (this.#blocks[run] ??= new Float64Array(PLACES_BLOCK));
    block[this.#filled[run]!] = place;
    this.#filled[run]! += 1;
    if (this.#filled[run] === PLACES_BLOCK) this.#flush(run);
  }

  /** Writes what is left, and closes the file. */
  end(): void {
    try {
      for (let run = 0; run < this.#crcs.length; run++) this.#flush(run);
      const crcsAt = PLACE_BYTES * this.#starts.at(-1)!;
      writeFully(this.#fd, new Uint8Array(this.#crcs.buffer), crcsAt);
    } finally {
      this.close();
    }
  }

  /** Closes the file, whatever is missing in it. */
  close(): void {
    closeSync(this.#fd);
  }

  #flush(run: number): void {
    const filled = this.#filled[run]!;
    const block = this.#blocks[run];
    if (!block || filled === 0) return;
    const bytes = new Uint8Array(block.buffer, 0, PLACE_BYTES * filled);
    writeFully(this.#fd, bytes, PLACE_BYTES * (this.#starts[run]! + this.#written[run]!));
    this.#crcs[run] = crc32(bytes, this.#crcs[run]);
    this.#written[run]! += filled;
    this.#filled[run] = 0;
  }
}

/** The places of a run's buckets. Throws a SpoolDamaged. */
export function readPlaces({ path, entries, run }: PlacesOfRun): Float64Array {
  const starts = startsOf(entries);
  const places = new Float64Array(entries[run]!);
  const crcsAt = PLACE_BYTES * starts.at(-1)!;
  const crc = new Uint32Array(1);
  const fd = openPlainFile(path);
  try {
    if (fstatSync(fd).size !== crcsAt + CRC_BYTES * entries.length) throw new SpoolDamaged(path, 'its size');
    readFully(fd, new Uint8Array(places.buffer), PLACE_BYTES * starts[run]!, path);
    readFully(fd, new Uint8Array(crc.buffer), crcsAt + CRC_BYTES * run, path);
  } finally {
    closeSync(fd);
  }
  if (crc32(new Uint8Array(places.buffer)) !== crc[0]) throw new SpoolDamaged(path, 'the places of a run');
  return places;
}

/** How many buckets there are before each run, and in all. */
function startsOf(entries: readonly number[]): number[] {
  const starts = [0];
  for (const count of entries) starts.push(starts.at(-1)! + count);
  return starts;
}

function readFully(fd: number, into: Uint8Array, position: number, path: string): void {
  for (let done = 0; done < into.length;) {
    const read = readSync(fd, into, done, into.length - done, position + done);
    if (read === 0) throw new SpoolDamaged(path, 'it is shorter than it was');
    done += read;
  }
}
