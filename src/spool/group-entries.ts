import { mergedJobTooLarge } from '../errors/merging.js';
import type { JobCells } from './job-cells.js';
import { SpoolEntries } from './spool-entries.js';
import type { SpoolFiles } from './spool-files.js';

/** What is kept of an entry besides its bytes: five numbers and its place among those of its job. */
const KEPT_PER_ENTRY = 40;

/** All that is spooled of a group of jobs, by job: in memory, within the budget. */
export class GroupEntries {
  readonly bytes: Uint8Array;
  /** By entry: where it begins, where its cell does, and what its offsets count from. */
  readonly at: Float64Array;
  readonly cellAt: Float64Array;
  readonly base: Float64Array;
  /** The entries by job: job i has `order[starts[i]]` up to, not including, `order[starts[i + 1]]`. */
  readonly order: Int32Array;
  readonly starts: Int32Array;

  constructor(
    files: SpoolFiles,
    group: number,
    cells: JobCells,
    { from, to }: { from: number; to: number },
    budgetBytes: number,
  ) {
    const parts = files.partsOf(group);
    const count = parts.reduce((sum, { entries }) => sum + entries, 0);
    const total = parts.reduce((sum, { entryBytes, cellBytes }) => sum + entryBytes + cellBytes, 0);
    if (total + KEPT_PER_ENTRY * count > budgetBytes) throw mergedJobTooLarge(budgetBytes);
    this.bytes = new Uint8Array(total);
    this.at = new Float64Array(count);
    this.cellAt = new Float64Array(count);
    this.base = new Float64Array(count);
    this.order = new Int32Array(count);
    this.starts = new Int32Array(to - from + 1);
    const jobs = new Int32Array(count);
    const reader = new SpoolEntries(this.bytes);
    let [position, i] = [0, 0];
    for (const part of parts) {
      files.readEntries(part, this.bytes, position);
      let cellAt = position + part.entryBytes;
      files.readCells(part, this.bytes, cellAt);
      for (let left = part.entries; left > 0; left--, i++) {
        reader.seek(position);
        reader.next();
        const job = cells.jobAt(part.offset + reader.first);
        if (job < from || job >= to) throw files.damaged(part.file, 'an entry of another job');
        jobs[i] = job - from;
        [this.at[i], this.cellAt[i], this.base[i]] = [position, cellAt, part.offset];
        cellAt += reader.cellBytes;
        position = reader.end;
      }
      position = cellAt;
    }
    this.#orderBy(jobs);
  }

  #orderBy(jobs: Int32Array): void {
    const { starts, order } = this;
    for (const job of jobs) starts[job]! += 1;
    for (let job = 1; job < starts.length; job++) starts[job]! += starts[job - 1]!;
    for (let i = jobs.length - 1; i >= 0; i--) {
      const job = jobs[i]!;
      starts[job]! -= 1;
      order[starts[job]!] = i;
    }
  }
}
