import type { Range } from './range.js';

/** The jobs of a range, in order, without a list of them: there may be more than fit in memory. */
export interface Jobs {
  readonly count: bigint;
  /** The job at `index`, from 0 on. Throws a RangeError outside `[0, count)`. */
  at(index: bigint): Range;
}

/**
 * Splits `range` into jobs of `chunk` numbers whose bounds are multiples of `chunk`; the first and the last job may be
 * partial. Throws a RangeError when `chunk` is below 1.
 */
export function splitIntoJobs(range: Range, chunk: bigint): Jobs {
  if (chunk < 1n) throw new RangeError(`a job needs at least 1 number, not ${chunk}`);
  const { start, end } = range;
  const firstCell = start / chunk;
  const count = start < end ? (end - 1n) / chunk - firstCell + 1n : 0n;
  return {
    count,
    at(index) {
      if (index < 0n || index >= count) throw new RangeError(`no job ${index} among ${count}`);
      const cellStart = (firstCell + index) * chunk;
      const cellEnd = cellStart + chunk;
      return { start: cellStart > start ? cellStart : start, end: cellEnd < end ? cellEnd : end };
    },
  };
}
