import { fileEndsEarly, numberNotAscending, surplusBytes, textUnexpected } from '../errors.js';
import type { NumberMisplaced } from '../tables/number-text.js';
import { TableMalformed } from '../tables/table-stream.js';
import type { Problem } from './array-check.js';

/** The first problem of a table, thrown to where it is caught. */
export class Found extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.what);
    this.problem = problem;
  }
}

/** What of a bucket is found otherwise than the manifest says, in words. */
export function describeDifference(name: string, found: unknown, named: unknown): string {
  return `${name} ${String(found)}, not ${String(named)} as the manifest says`;
}

/** The problem that `error` tells of, if it does. */
export function describeProblem(error: unknown): Problem | undefined {
  if (error instanceof Found) return error.problem;
  if (!(error instanceof TableMalformed)) return undefined;
  const { offset, message, found } = error;
  if (message === 'the end of the file') return { offset, what: surplusBytes() };
  return { offset, what: found === undefined ? fileEndsEarly() : textUnexpected(message, found) };
}

/** What stands in `text`, which begins at `offset`, where no number above the one before does. */
export function describeNumber({ at, number }: NumberMisplaced, text: Uint8Array, offset: number): Problem {
  const place = offset + at;
  if (number !== undefined) return { offset: place, what: numberNotAscending(String(number)) };
  return { offset: place, what: textUnexpected('a number', String.fromCharCode(text[at] ?? 0x2c)) };
}

/** Whether `value` is one of JSON. */
export function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
