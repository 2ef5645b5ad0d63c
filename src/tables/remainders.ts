import { LineList } from './line-list.js';

/** What a sum in a table was rounded by: a line of the file of remainders. */
export interface Remainder {
  readonly key: string;
  /** The table that has the sum, in the layout `job`. */
  readonly file?: string;
  /** Doubles that add up to it, the largest first; none where the sum is exact. */
  readonly remainder: readonly number[];
}

/** A line of the file of remainders, without its line feed. */
export function encodeRemainderLine({ key, file, remainder }: Remainder): string {
  return JSON.stringify({ key, file, remainder });
}

/** What the JSON value of a line says. Throws a TypeError where it says nothing. */
export function readRemainder(value: unknown): Remainder {
  const { key, file, remainder, ...others } = value as Record<string, unknown>;
  const isSound =
    typeof key === 'string' &&
    (file === undefined || typeof file === 'string') &&
    Array.isArray(remainder) &&
    remainder.every((part) => Number.isFinite(part)) &&
    Object.keys(others).length === 0;
  if (!isSound) throw new TypeError('no remainder');
  return { key, ...(file !== undefined && { file }), remainder: remainder as number[] };
}

/** The remainders of a table set in their file: to look one up in a layout of whole values. */
export class RemainderList extends LineList<Remainder> {
  protected override read(value: unknown): Remainder {
    return readRemainder(value);
  }

  protected override findFault({ file }: Remainder): string | undefined {
    return file === undefined ? undefined : 'a remainder of the sum of a job';
  }
}
