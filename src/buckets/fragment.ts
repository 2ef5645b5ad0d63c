import type { Jobs } from '../range/jobs.js';
import type { Range } from '../range/range.js';

/**
 * The numbers of one bucket that one slice of a job yields, as text: decimal, ascending, commas between them, none at
 * the end. Valid only during the call that hands it over: the buffer is used again.
 */
export interface FragmentText {
  /** Free to write to for `FRAGMENT_MARGIN_BYTES` bytes before `start` and after `end`. */
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** CRC-32 of the text. */
  readonly crc: number;
}

/** Where the fragments of a job come from. */
export interface FragmentSource {
  /** The parts of a job that are worked on one after another: what is held in memory grows with them. */
  slicesOf(job: Range): Jobs;
  /** Calls `take` once for each bucket that has numbers in `slice`, in no particular order. */
  forEach(slice: Range, take: TakeFragment): void;
}

export type TakeFragment = (key: string, text: FragmentText) => void;
