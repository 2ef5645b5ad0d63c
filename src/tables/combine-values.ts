import { addExactly, roundExactly, type ExactSum } from '../aggregates/exact-sum.js';
import { parseExactJson } from './exact-json.js';

/** The value of a part of a bucket. */
export interface PartValue {
  /** As JSON has it. */
  readonly text: string;
  /** Of a sum that fractions went into, what it was rounded by: doubles that add up to it. */
  readonly remainder?: readonly number[] | undefined;
}

/**
 * What the values of a bucket's parts make together, in the order of their numbers: the text that one table of all of them has. A sentence says
 * why where that cannot be told: what older versions rounded a sum by, and what an aggregate of a plug-in makes of parts, is not in the tables.
 */
export function combineValues(
  aggregate: string,
  values: readonly PartValue[],
): { readonly text: string } | { readonly why: string } {
  const [first, ...others] = values;
  if (first === undefined) return { why: 'there are none' };
  if (others.length === 0) return { text: first.text };
  if (aggregate === 'count' || aggregate === 'sum') return addUp(aggregate, values);
  if (aggregate === 'min' || aggregate === 'max') return takeExtreme(aggregate, values);
  return { why: `--aggregate ${aggregate} is none of count, sum, min and max` };
}

function addUp(aggregate: string, values: readonly PartValue[]): { text: string } | { why: string } {
  let sum = 0n;
  let exact: ExactSum | undefined;
  for (const { text, remainder } of values) {
    const isWhole = /^-?\d+$/.test(text);
    if (!remainder && !isWhole) return { why: `one is a ${aggregate} of fractions, of format 1` };
    const value = isWhole ? BigInt(text) : Number(text);
    if (remainder) exact = remainder.reduce<ExactSum>(addExactly, addExactly(exact ?? [], value));
    else sum += BigInt(value);
  }
  if (exact === undefined) return { text: String(sum) };
  const rounded = roundExactly(addExactly(exact, sum));
  return Number.isFinite(rounded) ? { text: String(rounded) } : { why: 'their sum is past all doubles' };
}

function takeExtreme(aggregate: string, values: readonly PartValue[]): { text: string } | { why: string } {
  let best: { text: string; value: number | bigint } | undefined;
  for (const { text } of values) {
    const value = parseExactJson(text);
    if (typeof value !== 'number' && typeof value !== 'bigint') return { why: 'one of them is no number' };
    // Of equal ones, the one of the lowest numbers.
    const isBetter = best === undefined || (aggregate === 'min' ? value < best.value : value > best.value);
    if (isBetter) best = { text, value };
  }
  return best ? { text: best.text } : { why: 'there are none' };
}
