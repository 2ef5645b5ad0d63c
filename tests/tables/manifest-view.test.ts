import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { MANIFEST_TEXT_LOOKUPS, MANIFEST_WHOLE_BYTES } from '../../src/limits.js';
import { encodeManifest, manifestPath, readManifest, type ManifestParts } from '../../src/tables/manifest.js';
import { openView } from './open-view.js';
import { useTemporaryFolder } from './temporary-folder.js';

const folderPath = useTemporaryFolder();

const KEYS = ['0211', 'with "quotes"', 'back\\slash', 'líne\nbreak', '0', '00', 'key', '{"key":"0211"'];
const OTHERS = Array.from({ length: 1500 }, (_, i) => `other ${i}`);

function makeParts(): ManifestParts {
  const keys = [...OTHERS.slice(0, 700), ...KEYS, ...OTHERS.slice(700)];
  const files = keys.map((_, i) => ({ file: `${i}.json`, bytes: 100n + BigInt(i), crc32: i }));
  const buckets = keys.map((key, i) => ({
    key,
    file: `${i}.json`,
    offset: 10n,
    count: 3n,
    bytes: 20n,
    first: BigInt(i),
    last: BigInt(i) + 10n ** 20n,
  }));
  return {
    signature: { name: 'tested', version: '1', fileHash: 'ab', options: { a: 'b' } },
    range: { start: 0n, end: 10n ** 21n },
    layout: 'signature',
    count: 3n * BigInt(keys.length),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0n),
    files,
    buckets,
  };
}

async function writeManifestText(text: string): Promise<string> {
  const folder = folderPath();
  await writeFile(manifestPath(folder), text);
  return folder;
}

test('single entries of a large manifest are what the whole of it says', async () => {
  const text = [...encodeManifest(makeParts())].join('');
  expect(text.length).toBeGreaterThan(MANIFEST_WHOLE_BYTES);
  const folder = await writeManifestText(text);
  const whole = await readManifest(folder);
  const view = await openView(folder);
  expect({ ...whole, files: undefined, buckets: undefined }).toEqual({
    ...view.head,
    files: undefined,
    buckets: undefined,
  });
  expect(view.head).not.toHaveProperty('buckets');
  for (const key of [...KEYS, 'other 0', 'other 1499']) {
    expect(view.bucketOf(key)).toEqual(whole.buckets.find((bucket) => bucket.key === key));
  }
  expect(view.bucketOf('other')).toBeUndefined();
  expect(view.bucketOf('0.json')).toBeUndefined();
  expect(view.bytesOf('12.json')).toBe(112n);
  expect(view.bytesOf('2.jso')).toBeUndefined();
  expect(view.manifest).toEqual(whole);
});

test('after many lookups it goes on with the whole of it', async () => {
  const view = await openView(await writeManifestText([...encodeManifest(makeParts())].join('')));
  for (let i = 0; i < MANIFEST_TEXT_LOOKUPS + 50; i++)
    expect(view.bucketOf(`other ${i}`)?.key).toBe(`other ${i}`);
  expect(view.bytesOf('3.json')).toBe(103n);
});

test('a line that is not as it must be is damage, also where the checksum was made to fit', async () => {
  const text = [...encodeManifest(makeParts())].join('');
  const body = text
    .slice(0, text.lastIndexOf('"checksum"'))
    .replace('"key":"0211","file"', '"key":"0211","fyle"');
  const digest = createHash('sha256').update(body).digest('hex');
  const folder = await writeManifestText(`${body}"checksum":"sha256:${digest}"\n}\n`);
  const view = await openView(folder);
  expect(() => view.bucketOf('0211')).toThrow(expect.objectContaining({ code: 'TABLES' }));
  expect(() => view.manifest).toThrow(expect.objectContaining({ code: 'TABLES' }));
});
