import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect } from 'vitest';
import { type Buckets, encodeTable } from './literal-tables.js';
import { listFiles } from './snapshot.js';

/** What a table set is to be, and where it is. */
export interface ExpectedSet {
  readonly folder: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly layout: 'signature' | 'job' | 'single';
  /** In the layout `job`. */
  readonly chunk?: bigint;
  /** All buckets of the range, from an independent computation. */
  readonly buckets: Buckets<number | bigint>;
  /** The text of every table file by its name, from an independent computation. */
  readonly tables: ReadonlyMap<string, string>;
}

interface WrittenManifest {
  readonly files: readonly { readonly file: string; readonly bytes: string; readonly crc32: string }[];
  readonly buckets: readonly WrittenBucket[];
}

interface WrittenBucket {
  readonly key: string;
  readonly file?: string;
  readonly offset?: string;
  readonly count: string;
  readonly bytes: string;
  readonly first: string;
  readonly last: string;
}

/** The tables of `buckets` in the layout `signature` or `single`, by file name. */
export function layOutTables(
  layout: 'signature' | 'single',
  buckets: Buckets<number | bigint>,
): ReadonlyMap<string, string> {
  if (layout === 'single') return new Map([['table.json', encodeTable(buckets)]]);
  return new Map(
    [...buckets].map(([key, numbers]) => [`${key}.json`, encodeTable(new Map([[key, numbers]]))]),
  );
}

/** Expects the folder to hold exactly the expected tables and a manifest in which every fact is true. */
export async function expectTableSet(expected: ExpectedSet): Promise<void> {
  const { folder, tables } = expected;
  const found = new Map<string, string>();
  for (const name of tables.keys()) found.set(name, await readFile(join(folder, name), 'utf8'));
  // One by one: of a whole map with megabytes of text no difference could be printed.
  for (const [name, text] of tables) if (found.get(name) !== text) throw new Error(`${name} differs`);
  expect(await listFiles(folder)).toEqual([...tables.keys(), 'manifest.json'].sort());
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as WrittenManifest;
  expectHead(manifest, expected);
  expect(manifest.files).toEqual([...tables].map(([file, text]) => describeFile(file, text)));
  expectBuckets(manifest.buckets, expected);
}

function expectHead(manifest: object, { start, end, layout, chunk, tables }: ExpectedSet): void {
  expect(manifest).toMatchObject({
    format: 'sigtables',
    formatVersion: 1,
    signature: { name: 'reduced', version: '1' },
    range: { start: String(start), end: String(end) },
    layout,
    ...(chunk !== undefined && { chunk: String(chunk) }),
    count: String(end - start),
    bytes: String([...tables.values()].reduce((sum, text) => sum + text.length, 0)),
  });
}

function describeFile(file: string, text: string): WrittenManifest['files'][number] {
  return { file, bytes: String(text.length), crc32: crc32(text).toString(16).padStart(8, '0') };
}

function expectBuckets(written: readonly WrittenBucket[], { buckets, layout, tables }: ExpectedSet): void {
  expect(written.map(({ key }) => key)).toEqual([...buckets.keys()]);
  for (const { key, file, offset, count, bytes, first, last } of written) {
    const numbers = buckets.get(key) ?? [];
    const facts = {
      key,
      count: String(numbers.length),
      first: String(numbers[0]),
      last: String(numbers.at(-1)),
    };
    expect({ key, count, first, last }).toEqual(facts);
    if (layout === 'job') continue;
    const at = Number(offset);
    const text = tables.get(file ?? '')?.slice(at, at + Number(bytes));
    if (text !== `[${numbers.join(',')}]`) throw new Error(`the bucket ${key} is not at its offset`);
  }
}
