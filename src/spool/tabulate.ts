import type { Aggregate, Column } from '../aggregates/aggregate.js';
import { measureHead, writeHead, writeTail } from './frame.js';
import { GroupEntries } from './group-entries.js';
import type { JobCells } from './job-cells.js';
import { KeyTable } from './key-table.js';
import { SpoolEntries } from './spool-entries.js';
import type { SpoolFiles } from './spool-files.js';

const COMMA = 44;
/** A bucket in the table of a job; valid during the call. */
export interface TabulatedBucket {
  readonly key: Uint8Array;
  readonly count: number;
  /** Offsets from the start of the jobs. */
  readonly first: number;
  readonly last: number;
  /** Bytes of its numbers with commas between them, or of its value. */
  readonly textBytes: number;
  /** See `Column.remainder`. */
  readonly remainder: Uint8Array | undefined;
}

/** What is made of the tables of jobs. */
export interface TabulationSink {
  /** Takes the text of a job's table file, valid during the call. */
  write(job: number, table: Uint8Array): void;
  /** Takes each bucket of it. */
  note(bucket: TabulatedBucket): void;
}

/** A group of consecutive jobs. */
export interface TabulatedGroup {
  readonly group: number;
  readonly from: number;
  readonly to: number;
  readonly cells: JobCells;
}

/** Makes the tables of a group's jobs from what is spooled of them. Throws a SpoolDamaged, and what the sink throws. */
export function tabulateGroup(
  files: SpoolFiles,
  { group, from, to, cells }: TabulatedGroup,
  aggregate: Aggregate,
  budgetBytes: number,
  sink: TabulationSink,
): void {
  const entries = new GroupEntries(files, group, cells, { from, to }, budgetBytes);
  for (let job = from; job < to; job++) new JobTable(entries, aggregate, job - from).writeTo(job, sink);
}

/** The buckets of one job. */
class JobTable {
  readonly #entries: GroupEntries;
  readonly #aggregate: Aggregate;
  readonly #mine: Int32Array;
  readonly #reader: SpoolEntries;
  readonly #keys: KeyTable;
  readonly #ids: Int32Array;
  readonly #firsts: Float64Array;
  readonly #lasts: Float64Array;
  readonly #counts: Float64Array;
  readonly #textBytes: Float64Array;
  readonly #column: Column | undefined;

  constructor(entries: GroupEntries, aggregate: Aggregate, index: number) {
    this.#entries = entries;
    this.#aggregate = aggregate;
    this.#mine = entries.order.subarray(entries.starts[index], entries.starts[index + 1]);
    this.#reader = new SpoolEntries(entries.bytes);
    const count = this.#mine.length;
    this.#keys = new KeyTable(count, this.#measureKeys());
    this.#ids = new Int32Array(count);
    this.#firsts = new Float64Array(count).fill(Infinity);
    this.#lasts = new Float64Array(count);
    this.#counts = new Float64Array(count);
    this.#textBytes = new Float64Array(count);
    this.#column = aggregate.keepsNumbers ? undefined : aggregate.createColumn();
  }

  writeTo(job: number, sink: TabulationSink): void {
    const values = this.#read();
    const order = this.#listInOrder();
    const keys = this.#keys;
    const { keepsNumbers } = this.#aggregate;
    const ends = new Float64Array(keys.count);
    let bytes = 0;
    for (const id of order) {
      bytes += measureHead(keys.arena, keys.startOf(id), keys.ends[id]!, keepsNumbers);
      ends[id] = bytes;
      bytes += this.#textBytes[id]! + (keepsNumbers ? 1 : 0);
    }
    const table = new Uint8Array(Math.max(1, bytes) + 1);
    if (order.length === 0) table.set(Buffer.from('{}'));
    order.forEach((id, i) => {
      const start = ends[id]! - measureHead(keys.arena, keys.startOf(id), keys.ends[id]!, keepsNumbers);
      writeHead(keys.arena, keys.startOf(id), keys.ends[id]!, i === 0, keepsNumbers, table, start);
      if (values) table.set(values[id]!, ends[id]);
    });
    if (!values) this.#copyCells(ends, table);
    for (const [i, id] of order.entries()) {
      const end = ends[id]! + (values ? this.#textBytes[id]! : -1);
      writeTail(i === order.length - 1, keepsNumbers, table, end);
    }
    sink.write(job, table);
    for (const id of order) sink.note(this.#describe(id));
  }

  #measureKeys(): number {
    let bytes = 0;
    for (const i of this.#mine) {
      this.#seek(i);
      bytes += this.#reader.keyEnd - this.#reader.keyStart;
    }
    return bytes;
  }

  #seek(i: number): void {
    this.#reader.seek(this.#entries.at[i]!);
    this.#reader.next();
  }

  /** Puts together what is spooled of each bucket; gives the values where there are any. */
  #read(): Buffer[] | undefined {
    const reader = this.#reader;
    const { bytes, base, cellAt } = this.#entries;
    const column = this.#column;
    this.#mine.forEach((entry, i) => {
      this.#seek(entry);
      const known = this.#keys.count;
      const id = this.#keys.findOrAdd(bytes, reader.keyStart, reader.keyEnd, reader.hash);
      this.#ids[i] = id;
      if (id === known) column?.open(id);
      this.#firsts[id] = Math.min(this.#firsts[id]!, base[entry]! + reader.first);
      this.#lasts[id] = Math.max(this.#lasts[id]!, base[entry]! + reader.last);
      this.#counts[id]! += reader.count;
      const from = cellAt[entry]!;
      if (column) column.absorb(id, bytes.subarray(from, from + reader.cellBytes), 0);
      else this.#textBytes[id]! += reader.cellBytes + (id === known ? 0 : 1);
    });
    if (!column) return undefined;
    return Array.from({ length: this.#keys.count }, (_, id) => {
      const value = Buffer.from(column.finish(id, 0));
      this.#textBytes[id] = value.length;
      return value;
    });
  }

  /** The buckets in the order of their first numbers; values come in it. */
  #listInOrder(): Int32Array {
    const ids = Int32Array.from({ length: this.#keys.count }, (_, id) => id);
    return this.#aggregate.keepsNumbers ? ids.sort((a, b) => this.#firsts[a]! - this.#firsts[b]!) : ids;
  }

  /** Copies each cell, with a comma behind it; `ends` then tells where each bucket's text ends, its last comma included. */
  #copyCells(ends: Float64Array, table: Uint8Array): void {
    const { bytes, cellAt } = this.#entries;
    this.#mine.forEach((entry, i) => {
      this.#seek(entry);
      const id = this.#ids[i]!;
      const from = cellAt[entry]!;
      table.set(bytes.subarray(from, from + this.#reader.cellBytes), ends[id]);
      ends[id]! += this.#reader.cellBytes;
      table[ends[id]!] = COMMA;
      ends[id]! += 1;
    });
  }

  #describe(id: number): TabulatedBucket {
    const keys = this.#keys;
    return {
      key: keys.arena.subarray(keys.startOf(id), keys.ends[id]),
      count: this.#counts[id]!,
      first: this.#firsts[id]!,
      last: this.#lasts[id]!,
      textBytes: this.#textBytes[id]!,
      remainder: this.#column?.remainder?.(id),
    };
  }
}
