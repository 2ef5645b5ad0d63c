import { closeSync, openSync } from 'node:fs';
import { WRITE_PLAIN } from '../files/plain-file.js';
import type { Aggregate, Column } from '../aggregates/aggregate.js';
import { sourcesContradictManifests } from '../errors/merging.js';
import { toWholeNumber, type WholeNumber } from '../range/whole-number.js';
import { KeyTable } from './key-table.js';
import { encodeRemainder, RemainderRecords } from './remainder-records.js';
import type { RunReceipt } from './run-format.js';
import { RunWriter } from './run-writer.js';
import { SpoolEntries } from './spool-entries.js';
import type { SlicePart, SpoolFiles } from './spool-files.js';
import { SpoolOutput } from './spool-output.js';

/**
 * Puts together what the slices of all jobs say of the buckets of a partition, and writes it to `runPath`: the buckets in
 * the order of their first numbers, with their sizes, and with their values where the aggregate makes any. `origin` is
 * the start of the build's range. Throws a PlugInError, a SpoolDamaged, and what the system throws.
 */
export function gatherPartition(
  files: SpoolFiles,
  partition: number,
  aggregate: Aggregate,
  runPath: string,
  origin: bigint,
): RunReceipt {
  const gathering = new Gathering(files, aggregate, files.partsOf(partition), origin);
  gathering.readParts();
  const fd = openSync(runPath, WRITE_PLAIN, 0o666);
  try {
    return gathering.writeTo(new RunWriter(runPath, new SpoolOutput(fd)));
  } finally {
    closeSync(fd);
  }
}

class Gathering {
  readonly #files: SpoolFiles;
  readonly #parts: readonly SlicePart[];
  readonly #origin: bigint;
  /** Merges the values, where there are any to merge. */
  readonly #column: Column | undefined;
  readonly #keepsNumbers: boolean;
  readonly #keys: KeyTable;
  readonly #counts: Float64Array;
  readonly #textBytes: Float64Array;
  readonly #pieces: Float64Array;
  readonly #firsts: Float64Array;
  readonly #lasts: Float64Array;
  /** By bucket, the records of those whose values come finished, in the layout `job`. */
  readonly #remainders = new RemainderRecords();

  constructor(files: SpoolFiles, aggregate: Aggregate, parts: readonly SlicePart[], origin: bigint) {
    this.#files = files;
    this.#parts = parts;
    this.#origin = origin;
    this.#keepsNumbers = aggregate.keepsNumbers;
    this.#column = files.hasCells && !aggregate.keepsNumbers ? aggregate.createColumn() : undefined;
    const maxKeys = parts.reduce((sum, { entries }) => sum + entries, 0);
    this.#keys = new KeyTable(
      maxKeys,
      parts.reduce((sum, { entryBytes }) => sum + entryBytes, 0),
    );
    this.#counts = new Float64Array(maxKeys);
    this.#textBytes = new Float64Array(maxKeys);
    this.#pieces = new Float64Array(maxKeys);
    this.#firsts = new Float64Array(maxKeys);
    this.#lasts = new Float64Array(maxKeys);
  }

  /**
   * In a build keys are found in the order of their first numbers, since jobs, slices and their entries are in order. Of a merge
   * of values, an entry either has numbers and no cell, or a cell and no numbers.
   */
  readParts(): void {
    let bytes = new Uint8Array(0);
    let cells = new Uint8Array(0);
    const entries = new SpoolEntries(bytes);
    for (const part of this.#parts) {
      if (bytes.length < part.entryBytes) bytes = new Uint8Array(2 * part.entryBytes);
      this.#files.readEntries(part, bytes, 0);
      entries.bytes = bytes;
      entries.seek(0);
      if (this.#column) {
        if (cells.length < part.cellBytes) cells = new Uint8Array(2 * part.cellBytes);
        this.#files.readCells(part, cells, 0);
      }
      this.#addPart(part, entries, cells);
    }
  }

  writeTo(writer: RunWriter): RunReceipt {
    const keys = this.#keys;
    for (const id of this.#listInOrder()) {
      if (this.#counts[id] === 0 || this.#pieces[id] === 0)
        throw sourcesContradictManifests(
          Buffer.from(keys.arena.subarray(keys.startOf(id), keys.ends[id])).toString(),
        );
      const value = this.#column && Buffer.from(this.#column.finish(id, this.#toNumber(this.#lasts[id]!)));
      const commas = this.#keepsNumbers && this.#files.hasCells ? this.#pieces[id]! - 1 : 0;
      writer.add({
        keys: keys.arena,
        keyStart: keys.startOf(id),
        keyEnd: keys.ends[id]!,
        first: this.#firsts[id]!,
        last: this.#lasts[id]!,
        count: this.#counts[id]!,
        textBytes: value ? value.length : this.#textBytes[id]! + commas,
        pieces: this.#pieces[id]!,
        value,
        remainders: this.#remaindersOf(id),
      });
    }
    return writer.end();
  }

  #remaindersOf(id: number): Uint8Array | undefined {
    if (this.#column) {
      const remainder = this.#column.remainder?.(id);
      return remainder && encodeRemainder(this.#firsts[id]!, remainder);
    }
    return this.#remainders.of(id);
  }

  #listInOrder(): Iterable<number> {
    const { count } = this.#keys;
    const firsts = this.#firsts;
    const ids = Uint32Array.from({ length: count }, (_, id) => id);
    for (let id = 1; id < count; id++)
      if (firsts[id]! < firsts[id - 1]!) return ids.sort((a, b) => firsts[a]! - firsts[b]!);
    return ids;
  }

  #addPart(part: SlicePart, entries: SpoolEntries, cells: Uint8Array): void {
    const keys = this.#keys;
    const column = this.#column;
    let cellAt = 0;
    for (let i = 0; i < part.entries; i++) {
      entries.next();
      const known = keys.count;
      const id = keys.findOrAdd(entries.bytes, entries.keyStart, entries.keyEnd, entries.hash);
      if (id === known) {
        this.#firsts[id] = Infinity;
        column?.open(id);
      }
      if (entries.count > 0) {
        this.#firsts[id] = Math.min(this.#firsts[id]!, part.offset + entries.first);
        this.#lasts[id] = part.offset + entries.last;
        this.#counts[id]! += entries.count;
      }
      if (entries.remainder) this.#remainders.add(id, part.offset + entries.first, entries.remainder);
      if (entries.cellBytes === 0) continue;
      this.#pieces[id]! += 1;
      this.#textBytes[id]! += entries.cellBytes;
      if (!column) continue;
      const cellEnd = cellAt + entries.cellBytes;
      column.absorb(id, cells.subarray(cellAt, cellEnd), this.#toNumber(this.#lasts[id]!));
      cellAt = cellEnd;
    }
  }

  #toNumber(offset: number): WholeNumber {
    return toWholeNumber(this.#origin + BigInt(offset));
  }
}
