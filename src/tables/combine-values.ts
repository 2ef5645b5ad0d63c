import { parseExactJson } from './exact-json.js';

/**
 * What the values of a bucket's parts make together, all of them JSON text, in the order of their numbers: the text that one table of all
 * of them has. A sentence says why where that cannot be told: fractions are added in another order there, and what an aggregate of a
 * plug-in makes of parts is not in the tables.
 */
export function combineValues(
  aggregate: string,
  texts: readonly string[],
): { readonly text: string } | { readonly why: string } {
  const [first, ...others] = texts;
  if (first === undefined) return { why: 'there are none' };
  if (others.length === 0) return { text: first };
  if (aggregate === 'count' || aggregate === 'sum') return addUp(aggregate, texts);
  if (aggregate === 'min' || aggregate === 'max') return takeExtreme(aggregate, texts);
  return { why: `--aggregate ${aggregate} is none of count, sum, min and max` };
}

function addUp(aggregate: string, texts: readonly string[]): { text: string } | { why: string } {
  if (!texts.every((text) => /^-?\d+$/.test(text)))
    return { why: `a ${aggregate} of fractions depends on the order in which they are added` };
  return { text: String(texts.reduce((sum, text) => sum + BigInt(text), 0n)) };
}

function takeExtreme(aggregate: string, texts: readonly string[]): { text: string } | { why: string } {
  let best: { text: string; value: number | bigint } | undefined;
  for (const text of texts) {
    const value = parseExactJson(text);
    if (typeof value !== 'number' && typeof value !== 'bigint') return { why: 'one of them is no number' };
    // Of equal ones, the one of the lowest numbers.
    const isBetter = best === undefined || (aggregate === 'min' ? value < best.value : value > best.value);
    if (isBetter) best = { text, value };
  }
  return best ? { text: best.text } : { why: 'there are none' };
}
