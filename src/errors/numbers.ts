import { SigtablesError } from './sigtables-error.js';
import { shorten } from './quoting.js';

// What is wrong with numbers, ranges, CPUs, and what is asked of them.

const NUMBER_EXAMPLES = '1e9, 1_000_000, 10**9, 2^40, 1.5e6 or 1e9+1e6';

/** `text` is no number expression; `rest` is the part that could not be read. */
export function expressionMalformed(flag: string, text: string, rest: string): SigtablesError {
  const found = rest.trim() === '' ? 'it ends too soon' : `"${shorten(rest.trim())}" does not fit`;
  const what = text === '' ? 'is empty' : `is not a number (${found})`;
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" ${what}: expected one such as ${NUMBER_EXAMPLES}`,
  );
}

/** `text` is a number, but a fraction. */
export function expressionNotWhole(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is not a whole number: write one such as ${NUMBER_EXAMPLES}`,
  );
}

/** `text` is below zero. */
export function expressionNegative(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is negative: write a whole number such as ${NUMBER_EXAMPLES}`,
  );
}

/** `text` has more than `maxDigits` digits. */
export function expressionTooLarge(flag: string, text: string, maxDigits: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is too large: write a number of at most ${maxDigits} digits`,
  );
}

/** The range ends where it begins. */
export function rangeEmpty(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is empty: its end is not included, so let it end above its start`,
  );
}

/** The range ends before it begins. */
export function rangeReversed(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is reversed: write the smaller number first, START..END`,
  );
}

/** The range begins below `first`, the signature's first number. */
export function rangeBelowFirst(flag: string, text: string, first: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" starts too low: the signature is defined from ${first} on`,
  );
}

/** The range ends before `first`, where it would begin, or there. */
export function rangeTooSmall(flag: string, text: string, first: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" holds no number: the signature is defined from ${first} on, so let it end at ${first + 1n} or above`,
  );
}

/** The number `text` is below `first`, where its signature is defined from. */
export function numberBelowFirst(flag: string, text: string, first: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" has no signature: it is defined from ${first} on`,
  );
}

/** `-` stands beside other arguments of `sign`. */
export function signInputNotAlone(): SigtablesError {
  return new SigtablesError(
    'USAGE',
    'sign - reads the numbers from standard input: leave the other arguments out',
  );
}

/** A line of `source` is longer than any number needs: `maxBytes`. */
export function lineTooLong(source: string, maxBytes: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${source} has a line above ${maxBytes} bytes: expected one number per line`,
  );
}

/** Reading `source` failed. */
export function inputFailed(source: string, cause: Error): SigtablesError {
  return new SigtablesError('IO', `cannot read ${source}: ${cause.message}`, { cause });
}

/** `text` is no number of CPUs, no share and not `max`. */
export function cpusMalformed(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is not a number of CPUs: expected one such as 6, 50% or max`,
  );
}

/** `text` is a number of CPUs or a share, but not one that can be had. */
export function cpusOutOfBounds(flag: string, text: string, maxCpus: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is out of bounds: expected 1 to ${maxCpus}, 1% to 100%, or max`,
  );
}

/** Jobs of a size that divides no small power of ten, too many to measure one by one. */
export function planTooManyJobs(chunk: bigint, jobs: bigint, maxJobs: number): SigtablesError {
  const size = chunk.toString();
  const power = `1e${/^10*$/.test(size) ? size.length - 1 : size.length}`;
  return new SigtablesError(
    'USAGE',
    `--chunk: ${size} makes ${jobs} jobs of the range, and --layout job plans up to ${maxJobs} of such a size: take a power of ten, such as ${power}, or another layout`,
  );
}

/** A signature whose numbers are so long, and whose digit sum is so large, that nobody would wait for the answer. */
export function lookupTooLong(signature: string, digits: number, maxDigits: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--range: looking ${shorten(signature)} up in numbers of ${digits} digits takes too long: give a range of up to ${maxDigits} digits, or a signature of fewer steps`,
  );
}
