import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { encodeManifest, readManifest, type ManifestParts } from '../../src/tables/manifest.js';
import { openView } from './open-view.js';
import { useTemporaryFolder } from './temporary-folder.js';

const inFolder = useTemporaryFolder();

const refused = (message: string): object => ({
  code: 'TABLES',
  message: expect.stringContaining(message) as string,
});

/** A set of a few thousand files: large enough that only the lines that are asked for are read. */
function makeParts(changes: Partial<ManifestParts> = {}): ManifestParts {
  const names = Array.from({ length: 3000 }, (_, i) => String(i));
  return {
    signature: { name: 'mine', version: '1', fileHash: 'x' },
    range: { start: 0n, end: 3000n },
    layout: 'signature',
    count: 3000n,
    bytes: 30_000n,
    files: names.map((name) => ({ file: `${name}.json`, bytes: 10n, crc32: 1 })),
    buckets: names.map((key) => ({
      ...{ key, file: `${key}.json`, offset: 5n, count: 1n, bytes: 4n },
      ...{ first: BigInt(key), last: BigInt(key) },
    })),
    ...changes,
  };
}

/** Writes the set's manifest, changed by `change` and sealed anew. */
async function write(change: (text: string) => string = (text) => text, parts = makeParts()): Promise<void> {
  const body = change([...encodeManifest(parts)].slice(0, -1).join(''));
  const digest = createHash('sha256').update(body).digest('hex');
  await writeFile(inFolder('manifest.json'), `${body}"checksum":"sha256:${digest}"\n}\n`);
}

describe('single lines of a large manifest', () => {
  test('are read', async () => {
    await write();
    const view = await openView(inFolder());
    expect(view.bucketOf('7')).toMatchObject({ key: '7', file: '7.json' });
    expect(view.bytesOf('7.json')).toBe(10n);
  });

  test('with a file that stands twice name no file elsewhere', async () => {
    const evil = '{"file":"../x","file":"7.json","bytes":"10","crc32":"00000001"}';
    await write((text) =>
      text
        .replace(/^\{"file":"7\.json".*\}/m, evil)
        .replace('"key":"7","file":"7.json"', '"key":"7","file":"../x"'),
    );
    const view = await openView(inFolder());
    expect(() => view.bytesOf('../x')).toThrow(expect.objectContaining(refused('lists')));
    expect(() => view.bucketOf('7')).toThrow(expect.objectContaining(refused('lists')));
  });

  test('with a key that stands twice are no other bucket', async () => {
    await write((text) => text.replace('{"key":"7",', '{"key":"7","key":"8",'));
    const view = await openView(inFolder());
    expect(() => view.bucketOf('7')).toThrow(expect.objectContaining(refused('lists')));
  });

  test('of a bucket that does not lie in its file are refused', async () => {
    await write((text) =>
      text.replace('"key":"7","file":"7.json","offset":"5"', '"key":"7","file":"7.json","offset":"7"'),
    );
    const view = await openView(inFolder());
    expect(() => view.bucketOf('7')).toThrow(expect.objectContaining(refused('lists')));
  });
});

describe('a manifest as a whole', () => {
  test.each<[string, Partial<ManifestParts>]>([
    ['its jobs have no numbers', { layout: 'job', chunk: 0n, buckets: [], count: 0n }],
    ['its numbers are longer', { range: { start: 0n, end: 10n ** 300n } }],
    ['its range is empty', { range: { start: 3000n, end: 3000n } }],
  ])('%s', async (why, changes) => {
    await write(undefined, makeParts(changes));
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused(why));
    await expect(openView(inFolder())).rejects.toMatchObject(refused(why));
  });

  test('with brackets in brackets', async () => {
    await write((text) => `${text}"more":${'['.repeat(9e6)},\n`);
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused('nested'));
  });

  test('that a link leads to', async () => {
    await write();
    await symlink(inFolder('manifest.json'), inFolder('link'));
    execFileSync('mkdir', [inFolder('other')]);
    await symlink(inFolder('manifest.json'), inFolder('other', 'manifest.json'));
    await expect(readManifest(inFolder('other'))).rejects.toMatchObject(refused('not a file'));
  });

  test('with a pipe in its place', async () => {
    execFileSync('mkfifo', [inFolder('manifest.json')]);
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused('not a file'));
  });
});
