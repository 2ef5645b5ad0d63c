import { encodeNumeric } from './numeric-cell.js';

/** The aggregates whose results of two ranges, as tables show them, make that of both. */
const JOINABLE = ['count', 'sum', 'min', 'max'];

/** Whether the results of this aggregate can be put together; of sums with fractions, with what they were rounded by. */
export function isJoinable(aggregate: string): boolean {
  return JOINABLE.includes(aggregate);
}

/** Whether a result is one with which exactly this can be done: of sums, whole ones, and all where it is known what they were rounded by. */
export function isExact(aggregate: string, text: string, hasRemainders: boolean): boolean {
  const isWhole = aggregate === 'count' || (aggregate === 'sum' && !hasRemainders);
  return isWhole ? /^-?\d+$/.test(text) : isNumber(text);
}

/** A result as a partial one: what `Column.absorb` takes. Valid until the next call. */
export function toPartialResult(text: string): Uint8Array {
  return encodeNumeric(/^-?\d+$/.test(text) ? BigInt(text) : Number(text));
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}
