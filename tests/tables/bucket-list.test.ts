import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listBuckets, writeSortedLines } from '../../src/build/bucket-list.js';
import { BucketList } from '../../src/tables/bucket-list.js';
import { crc32 } from '../../src/tables/crc32.js';
import { encodeBucket, type ManifestBucket } from '../../src/tables/manifest.js';
import { TableFiles } from '../../src/tables/table-files.js';
import { useTemporaryFolder } from './temporary-folder.js';

const inFolder = useTemporaryFolder();
let folders = 0;

const key = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.stringMatching(/^[a-c"\\!#]{0,4}$/),
  fc.integer({ min: 1, max: 3000 }).map((length) => 'long'.repeat(length)),
  fc.constantFrom('\u0000', '\ud7ff', '\uffff', '😀', 'é', '', '"', '":[1],"'),
);

function describeBucket(name: string, i: number): ManifestBucket {
  const first = BigInt(i);
  return { key: name, file: 'table.json', offset: 6n, count: 2n, bytes: 5n, first, last: first + 10n };
}

async function write(buckets: readonly ManifestBucket[], budgetBytes: number) {
  const out = inFolder(`set-${folders++}`);
  const spoolFolder = join(out, '.build', 'spool');
  await mkdir(spoolFolder, { recursive: true });
  const entry = await writeSortedLines(
    { out, spoolFolder, sync: false, budgetBytes },
    'buckets.jsonl',
    buckets.map(encodeBucket),
  );
  return { out, spoolFolder, entry };
}

function open(out: string, bytes: bigint, count: number): { list: BucketList; files: TableFiles } {
  const bytesOf = (file: string): bigint | undefined =>
    ({ 'table.json': 100n, 'buckets.jsonl': bytes })[file];
  const files = new TableFiles(out, bytesOf);
  return {
    list: new BucketList({ file: 'buckets.jsonl', count: BigInt(count) }, 'single', files, bytesOf),
    files,
  };
}

test('any buckets, in portions of any size, become a list sorted by its bytes, in which each is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 60 }),
      key,
      fc.integer({ min: 1, max: 20_000 }),
      async (keys, other, budget) => {
        const buckets = keys.map(describeBucket);
        const { out, spoolFolder, entry } = await write(buckets, budget);
        const bytes = await readFile(join(out, 'buckets.jsonl'));
        const lines = buckets
          .map((bucket) => Buffer.from(`${encodeBucket(bucket)}\n`))
          .sort((a, b) => Buffer.compare(a, b));
        expect(bytes.equals(Buffer.concat(lines))).toBe(true);
        expect(entry).toEqual({ file: 'buckets.jsonl', bytes: BigInt(bytes.length), crc32: crc32(bytes) });
        expect(await readdir(spoolFolder)).toEqual([]);
        const { list, files } = open(out, entry.bytes, keys.length);
        for (const bucket of buckets) expect(list.find(bucket.key)).toEqual(bucket);
        if (!keys.includes(other)) expect(list.find(other)).toBeUndefined();
        const byKey = new Map(Array.from(list.list(), (bucket) => [bucket.key, bucket]));
        expect(byKey).toEqual(new Map(buckets.map((bucket) => [bucket.key, bucket])));
        files.close();
      },
    ),
    { numRuns: 200 },
  );
});

test('only more buckets than a manifest takes get a file', async () => {
  const out = inFolder(`set-${folders++}`);
  const spoolFolder = join(out, 'spool');
  await mkdir(spoolFolder, { recursive: true });
  const options = { out, spoolFolder, sync: true, budgetBytes: 1000 };
  const buckets = ['b', 'a', 'c'].map(describeBucket);
  expect(await listBuckets(options, buckets, 3, 3)).toEqual({ buckets, listFiles: [] });
  expect(await readdir(out)).toEqual(['spool']);
  const listed = await listBuckets(options, buckets, 3, 2);
  expect(listed).toMatchObject({ buckets: [], bucketList: { file: 'buckets.jsonl', count: 3n } });
  expect(listed.listFiles).toHaveLength(1);
});

const DAMAGE: readonly [string, (text: string) => string, RegExp][] = [
  [
    'a line that is no JSON',
    (text) => text.replace('"count"', '"count:'),
    /damaged at byte 0: no line of such a list/,
  ],
  [
    'a bucket beyond its file',
    (text) => text.replace('"bytes":"5"', '"bytes":"9999"'),
    /does not lie in its file/,
  ],
  [
    'a file that is none of the set',
    (text) => text.replace('table.json', 'tablf.json'),
    /does not lie in its file/,
  ],
  ['no line end', (text) => text.slice(0, -1), /does not end/],
  ['a line less', (text) => text.slice(text.indexOf('\n') + 1), /2 lines, not the 3/],
];

test.each(DAMAGE)('%s is damage', async (_what, change, message) => {
  const { out } = await write(['a', 'b', 'c'].map(describeBucket), 1000);
  const path = join(out, 'buckets.jsonl');
  const text = change(await readFile(path, 'utf8'));
  await writeFile(path, text);
  const { list, files } = open(out, BigInt(text.length), 3);
  expect(() => [...list.list()]).toThrow(message);
  files.close();
});
