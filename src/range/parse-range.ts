import { rangeBelowFirst, rangeEmpty, rangeReversed, rangeTooSmall } from '../errors.js';
import { parseNumber } from './expression.js';
import type { Range } from './range.js';

const SEPARATOR = '..';

/**
 * The range that `END` or `START..END` means; the end is not included, and `END` alone begins at `first`, the
 * signature's first number. Throws a USAGE error naming `flag` when it is malformed, empty, reversed or below `first`.
 */
export function parseRange(text: string, flag: string, first: bigint): Range {
  const separatorAt = text.indexOf(SEPARATOR);
  if (separatorAt < 0) {
    const end = parseNumber(text, flag);
    if (end <= first) throw rangeTooSmall(flag, text, first);
    return { start: first, end };
  }
  const start = parseNumber(text.slice(0, separatorAt), `the start of ${flag}`);
  const end = parseNumber(text.slice(separatorAt + SEPARATOR.length), `the end of ${flag}`);
  if (start > end) throw rangeReversed(flag, text);
  if (start === end) throw rangeEmpty(flag, text);
  if (start < first) throw rangeBelowFirst(flag, text, first);
  return { start, end };
}
