import { isExact, toPartialResult } from '../aggregates/finished.js';
import { encodeExact } from '../aggregates/numeric-cell.js';
import { LIST } from '../aggregates/open-aggregate.js';
import { mergeOfFractions, sourceFileDamaged } from '../errors.js';
import type { Range } from '../range/range.js';
import type { WholeNumber } from '../range/whole-number.js';
import type { Remainder } from '../tables/remainders.js';
import { cutNumbers, NumberMisplaced } from '../tables/number-text.js';
import { TableMalformed, TableStream, type TablePiece } from '../tables/table-stream.js';
import type { CopiedSpool } from './copied-spool.js';
import { groupOf, type JobCells } from './job-cells.js';

/** A table file of a set that is merged. */
export interface CopiedTable {
  readonly path: string;
  readonly bytes: bigint;
  readonly crc32: number;
  /** What its numbers, or those that its values are made of, lie in. */
  readonly range: Range;
}

/** The jobs of the table set that is made, where each has a file of its own: the spool is divided by groups of them then. */
export interface CopyGroups {
  readonly cells: JobCells;
  readonly jobs: number;
  readonly groups: number;
  /** What is added to an offset in the spool file to make one from the start of the jobs. */
  readonly base: number;
}

/** Takes table files apart into the pieces of their buckets, and spools those. */
export class TableCopier {
  readonly #spool: CopiedSpool;
  readonly #start: bigint;
  readonly #aggregate: string;
  readonly #hasRemainders: boolean;
  readonly #groups: CopyGroups | undefined;

  /**
   * `start` is the number that the offsets in `spool` count from; `hasRemainders` says that what sums were rounded by is given to
   * `addRemainder`, too.
   */
  constructor(
    spool: CopiedSpool,
    start: bigint,
    aggregate: string,
    { hasRemainders, groups }: { hasRemainders: boolean; groups: CopyGroups | undefined },
  ) {
    this.#spool = spool;
    this.#start = start;
    this.#aggregate = aggregate;
    this.#hasRemainders = hasRemainders;
    this.#groups = groups;
  }

  /**
   * Spools all of `table`; `checkStop` is called now and then. Throws TABLES for a file that is not what its manifest says, USAGE for values
   * that cannot be put together, and what the system and `checkStop` throw.
   */
  copy(table: CopiedTable, checkStop: () => void): void {
    const stream = new TableStream(table.path);
    try {
      if (BigInt(stream.measure()) !== table.bytes) throw sourceFileDamaged(table.path);
      const ofLists = this.#aggregate === LIST;
      let above: WholeNumber = 0;
      for (const piece of stream.pieces(ofLists)) {
        checkStop();
        if (!ofLists) this.#addValue(table, piece);
        else above = this.#addNumbers(table, piece, piece.isFirst ? table.range.start - 1n : above);
      }
      if (stream.crc !== table.crc32) throw sourceFileDamaged(table.path);
    } catch (error) {
      const isDamage = error instanceof TableMalformed || error instanceof NumberMisplaced;
      throw isDamage ? sourceFileDamaged(table.path) : error;
    } finally {
      stream.close();
    }
  }

  #addNumbers({ path, range }: CopiedTable, { key, text }: TablePiece, above: WholeNumber): WholeNumber {
    const boundOf = this.#groups ? (n: WholeNumber) => this.#endOfJob(n) : () => Infinity;
    const last = cutNumbers(text, above, boundOf, (run) => {
      const first = this.#offsetOf(run.first);
      const cell = text.subarray(run.from, run.to);
      const piece = { key, count: run.count, first, last: this.#offsetOf(run.last), cell };
      this.#spool.add(piece, this.#groupAt(first));
    });
    if (last >= range.end) throw sourceFileDamaged(path);
    return last;
  }

  #addValue({ path, range }: CopiedTable, { key, text }: TablePiece): void {
    const value = Buffer.from(text.buffer, text.byteOffset, text.length).toString('latin1');
    if (!isExact(this.#aggregate, value, this.#hasRemainders))
      throw mergeOfFractions(path, this.#aggregate, value);
    const first = this.#offsetOf(range.start);
    const piece = { key, count: 0, first, last: first, cell: toPartialResult(value) };
    this.#spool.add(piece, this.#groupAt(first));
  }

  /** Spools what the sum of `key` was rounded by that numbers of `range` went into. */
  addRemainder({ key, remainder }: Remainder, range: Range): void {
    const first = this.#offsetOf(range.start);
    const piece = { key: Buffer.from(key), count: 0, first, last: first, cell: encodeExact([...remainder]) };
    this.#spool.add(piece, this.#groupAt(first));
  }

  #offsetOf(n: WholeNumber): number {
    return Number(BigInt(n) - this.#start);
  }

  #groupAt(offset: number): number | undefined {
    if (!this.#groups) return undefined;
    const { cells, jobs, groups, base } = this.#groups;
    return groupOf(cells.jobAt(offset + base), jobs, groups);
  }

  /** The end of the job that `n` is in. */
  #endOfJob(n: WholeNumber): WholeNumber {
    const { cells, base } = this.#groups!;
    const offset = this.#offsetOf(n) + base;
    const left = cells.endOf(cells.jobAt(offset)) - offset;
    if (typeof n === 'number' && Number.isSafeInteger(n + left)) return n + left;
    return BigInt(n) + BigInt(left);
  }
}
