import type { Aggregate } from '../aggregates/aggregate.js';
import { measureLabel, writeLabel } from '../buckets/grouping-label.js';

const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const COMMA = 44;

/** Which of a file's ends a bucket stands at. */
export interface FileEnds {
  readonly startsFile: boolean;
  readonly endsFile: boolean;
}

/**
 * The bytes that a bucket takes in a table file: `{` or `,`, its label, its numbers in brackets or its value, and the
 * `}` where it ends the file.
 */
export function measureFramed(
  { labelBytes, textBytes }: { readonly labelBytes: number; readonly textBytes: number },
  { keepsNumbers }: Aggregate,
  endsFile: boolean,
): number {
  return 1 + labelBytes + textBytes + (keepsNumbers ? 2 : 0) + (endsFile ? 1 : 0);
}

/** The bytes before a bucket's text. */
export function measureHead(keys: Uint8Array, start: number, end: number, keepsNumbers: boolean): number {
  return 1 + measureLabel(keys, start, end) + (keepsNumbers ? 1 : 0);
}

/** Writes what stands before a bucket's text; returns the position behind it. */
export function writeHead(
  keys: Uint8Array,
  start: number,
  end: number,
  startsFile: boolean,
  keepsNumbers: boolean,
  into: Uint8Array,
  position: number,
): number {
  into[position] = startsFile ? OPEN_BRACE : COMMA;
  const at = writeLabel(keys, start, end, into, position + 1);
  if (!keepsNumbers) return at;
  into[at] = OPEN_BRACKET;
  return at + 1;
}

/** Writes what stands behind a bucket's text; returns the position behind it. */
export function writeTail(
  endsFile: boolean,
  keepsNumbers: boolean,
  into: Uint8Array,
  position: number,
): number {
  let at = position;
  if (keepsNumbers) into[at++] = CLOSE_BRACKET;
  if (endsFile) into[at++] = CLOSE_BRACE;
  return at;
}
