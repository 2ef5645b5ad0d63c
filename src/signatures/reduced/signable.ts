import { numberBelowFirst } from '../../errors.js';
import { parseNumber } from '../../range/expression.js';
import { REDUCED_START } from './census.js';

/** The number that `text` says, if it has a reduced signature. Throws a USAGE error naming `where` it stands otherwise. */
export function parseSignable(text: string, where: string): bigint {
  const n = parseNumber(text, where);
  if (n < REDUCED_START) throw numberBelowFirst(where, text, REDUCED_START);
  return n;
}
