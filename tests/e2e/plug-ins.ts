import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeTable } from './literal-tables.js';
import type { ExpectedSet } from './table-set.js';

type Layout = ExpectedSet['layout'];

/** Ways to make keys, as the text of a function's body: `n` is a number or a bigint, `m` the same below 2^53. */
export const KEY_BODIES = {
  few: 'return m % 7;',
  one: "return 'all';",
  distinct: "return 'k' + ((m * 7919) % 100003) + '-' + m;",
  skewed: "return m % 11 === 0 ? 'rare ' + (m % 1000) : 'common';",
  sparse: 'return m % 10 === 3 ? m % 50 : null;',
  none: 'return null;',
  weird:
    "return ['', '__proto__', '01', '1', 'ä/ö', 'A', 'a', '..', 'con', 'x\\n\\u2028\"\\\\', '😀', '.hid'][m % 12];",
} as const;

export type KeyBody = keyof typeof KEY_BODIES;

/** Writes a signature of these keys, and gives its path. */
export async function writePlugIn(folder: string, body: string, rest = ''): Promise<string> {
  const path = join(folder, 'plug-in.mjs');
  const text = `export default {
  name: 'tested', version: '1', start: 0,
  keyOf(n) { const m = Number(BigInt(n) % 1000000007n); ${body} },
  ${rest}
};\n`;
  await writeFile(path, text);
  return path;
}

/** Groups `[start, end)` number by number. */
export function groupByBody(body: string, start: bigint, end: bigint): Map<string, bigint[]> {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the same text that the plug-in has
  const keyOf = new Function('m', body) as (m: number) => string | number | null;
  const buckets = new Map<string, bigint[]>();
  for (let n = start; n < end; n += 1n) {
    const key = keyOf(Number(n % 1_000_000_007n));
    if (key === null) continue;
    const bucket = buckets.get(String(key));
    if (bucket) bucket.push(n);
    else buckets.set(String(key), [n]);
  }
  return buckets;
}

/** A table's text, with keys that need quoting. */
export function encodeAnyTable(buckets: ReadonlyMap<string, readonly bigint[]>): string {
  const quoted = new Map([...buckets].map(([key, numbers]) => [JSON.stringify(key).slice(1, -1), numbers]));
  return encodeTable(quoted);
}

/** The text of each table of a layout, in the order of the manifest's list of files; by file for the layout `job`. */
export function layOutAny(
  layout: Layout,
  body: string,
  { start, end, chunk }: { start: bigint; end: bigint; chunk: bigint },
): string[] {
  const buckets = groupByBody(body, start, end);
  if (layout === 'single') return [encodeAnyTable(buckets)];
  if (layout === 'signature') return [...buckets].map((bucket) => encodeAnyTable(new Map([bucket])));
  const tables: string[] = [];
  for (let from = start; from < end;) {
    const cellEnd = (from / chunk + 1n) * chunk;
    const to = cellEnd < end ? cellEnd : end;
    tables.push(encodeAnyTable(groupByBody(body, from, to)));
    from = to;
  }
  return tables;
}
