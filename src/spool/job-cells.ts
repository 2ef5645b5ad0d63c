import type { Range } from '../range/range.js';

/** The jobs of a range by offsets from its start: plain numbers, for loops over many. */
export class JobCells {
  readonly #firstEnd: number;
  readonly #chunk: number;

  /** Jobs of `chunk` numbers, whose bounds are multiples of it. The range has fewer than 2^53 numbers. */
  constructor({ start }: Range, chunk: bigint) {
    this.#firstEnd = Number(chunk - (start % chunk));
    this.#chunk = Number(chunk);
  }

  /** The number of the job that has the number at `offset`. */
  jobAt(offset: number): number {
    return offset < this.#firstEnd ? 0 : 1 + Math.floor((offset - this.#firstEnd) / this.#chunk);
  }

  /** The offset behind the job's last number. */
  endOf(job: number): number {
    return this.#firstEnd + job * this.#chunk;
  }
}

/** In which of `groups` groups of consecutive jobs a job is. */
export function groupOf(job: number, jobs: number, groups: number): number {
  return Math.floor((job * groups) / jobs);
}

/** The jobs of a group, half-open. */
export function jobsOfGroup(group: number, jobs: number, groups: number): { from: number; to: number } {
  return { from: Math.ceil((group * jobs) / groups), to: Math.ceil(((group + 1) * jobs) / groups) };
}
