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

export type TakeFragment = (key: string, text: FragmentText) => void;
