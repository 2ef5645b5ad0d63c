import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { closedForm, openTables, type Tables } from '../../src/index.js';
import { MANIFEST_WHOLE_BYTES } from '../../src/limits.js';
import {
  encodeManifest,
  encodeShardedManifest,
  manifestPath,
  readChecksum,
  type ManifestBucket,
  type ManifestHead,
} from '../../src/tables/manifest.js';
import { useTemporaryFolder } from './temporary-folder.js';

// Manifests whose checksums and sums are right, but which are not what the built-in signature gives. No table file is there:
// a set is refused before one is looked for.

const inFolder = useTemporaryFolder();

type Edit = (bucket: ManifestBucket) => Partial<ManifestBucket> | undefined;

const BYTES = 10n ** 6n;

function makeHead(end: bigint, more: Partial<ManifestHead> = {}): ManifestHead {
  const signature = { name: 'reduced', version: '1' };
  return { signature, range: { start: 10n, end }, layout: 'single', count: end - 10n, bytes: BYTES, ...more };
}

function makeBuckets(end: bigint): ManifestBucket[] {
  const form = closedForm(end);
  return form.signatures().map((key) => {
    const count = BigInt(form.count(key));
    const [first, last] = [form.at(key, 0) ?? 0, form.at(key, count - 1n) ?? 0];
    const place = { file: 'table.json', offset: 8n, bytes: 5n };
    return { key, ...place, count, first: BigInt(first), last: BigInt(last) };
  });
}

/** Writes the manifest of `10..end`, the bucket 0211 changed or left out; what that has more or less, the next one has less or more. */
async function write(
  folder: string,
  end: bigint,
  edit: Edit,
  more: Partial<ManifestHead> = {},
): Promise<string> {
  const buckets = makeBuckets(end);
  const at = buckets.findIndex(({ key }) => key === '0211');
  const old = buckets[at]!;
  const change = edit(old);
  const neighbour = buckets[at + 1]!;
  buckets[at + 1] = {
    ...neighbour,
    count: neighbour.count + old.count - (change?.count ?? (change ? old.count : 0n)),
  };
  if (change) buckets[at] = { ...old, ...change };
  else buckets.splice(at, 1);
  const files = [{ file: 'table.json', bytes: BYTES, crc32: 0 }];
  const text = [...encodeManifest({ ...makeHead(end, more), files, buckets })].join('');
  await mkdir(folder, { recursive: true });
  await writeFile(manifestPath(folder), text);
  // A large one is read line by line.
  expect(text.length > MANIFEST_WHOLE_BYTES).toBe(end > 1000n);
  return readChecksum(Buffer.from(text));
}

const refused = (why: string): object => ({
  code: 'TABLES',
  message: expect.stringMatching(
    new RegExp(`manifest\\.json is not what its signature gives \\(.*${why}\\): build the table set again`),
  ) as string,
});

async function failureOf(ask: () => unknown): Promise<unknown> {
  try {
    await ask();
  } catch (error) {
    return error;
  }
  return 'answered';
}

/** Every question about the bucket is refused, and so is none about another one. */
async function expectRefused(tables: Tables, why: string): Promise<void> {
  const questions: readonly (() => unknown)[] = [
    () => tables.count('0211'),
    () => tables.at('0211', 0),
    () => tables.indexOf(21),
    () => tables.has(21),
    () => tables.find(21),
    () => tables.members('0211').next(),
  ];
  for (const ask of questions) expect(await failureOf(ask)).toMatchObject(refused(why));
  expect(tables.count('0210')).toBe(1);
  expect(tables.count('no such key')).toBe(0);
  expect(tables.has(5)).toBe(false);
  tables.close();
}

const EDITS: readonly [string, Edit, string][] = [
  ['a number too many', ({ count }) => ({ count: count + 1n }), 'must have \\d+ numbers'],
  ['no numbers', () => ({ count: 0n }), 'must have \\d+ numbers'],
  ['another first number', ({ first }) => ({ first: first + 1n }), 'does not begin with its first number'],
  ['another last number', ({ last }) => ({ last: last + 1n }), 'does not end with its last number'],
  ['numbers of another size', () => ({ last: 10n ** 250n }), 'does not end with its last number'],
  ['nothing of it', () => undefined, 'is missing'],
  ['another key', () => ({ key: '1' }), 'is missing'],
];

describe.each([60n, 3000n])('a bucket of 10..%s, named with', (end) => {
  test.each(EDITS)('%s, is refused when it is asked for', async (_what, edit, why) => {
    await write(inFolder(), end, edit);
    await expectRefused(await openTables(inFolder()), why);
  });
});

test('a bucket that the signature does not have is refused', async () => {
  await write(inFolder(), 60n, () => ({ key: '1' }));
  const tables = await openTables(inFolder());
  expect(await failureOf(() => tables.at('1', 0))).toMatchObject(
    refused('the bucket "1" must have 0 numbers'),
  );
  expect(await failureOf(() => tables.members('1').next())).toMatchObject(
    refused('the bucket "1" must have 0 numbers'),
  );
});

test('the value of such a bucket is refused, too', async () => {
  await write(inFolder(), 60n, () => ({ first: 20n }), { aggregate: 'count' });
  const tables = await openTables(inFolder());
  expect(await failureOf(() => tables.valueText('0211'))).toMatchObject(refused('first number'));
});

test('of a sharded set, the shard is refused', async () => {
  const checksum = await write(inFolder('one'), 60n, () => ({ first: 20n }));
  const head = makeHead(60n);
  const shard = { folder: 'one', range: head.range, count: head.count, bytes: head.bytes, checksum };
  await writeFile(
    manifestPath(inFolder()),
    [...encodeShardedManifest({ ...head, shards: [shard] })].join(''),
  );
  const tables = await openTables(inFolder());
  expect(await failureOf(() => tables.at('0211', 0))).toMatchObject(refused('first number'));
  expect(await failureOf(() => tables.find(21))).toMatchObject(refused('first number'));
});

test('a sharded set that begins below the first number is refused as a whole', async () => {
  const head = makeHead(60n, { range: { start: 5n, end: 60n }, count: 55n, bytes: 0n });
  const shard = {
    folder: 'one',
    range: head.range,
    count: 55n,
    bytes: 0n,
    checksum: `sha256:${'0'.repeat(64)}`,
  };
  await writeFile(
    manifestPath(inFolder()),
    [...encodeShardedManifest({ ...head, shards: [shard] })].join(''),
  );
  await expect(openTables(inFolder())).rejects.toMatchObject({
    code: 'TABLES',
    message: expect.stringContaining('begins below 10, the first number of its signature') as string,
  });
});
