import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openTables } from '../../src/index.js';
import { splitIntoJobs } from '../../src/range/jobs.js';
import { parseManifest } from '../../src/tables/manifest-schema.js';
import { openAnyManifest } from '../../src/tables/manifest-view.js';
import {
  encodeManifest,
  encodeShardedManifest,
  readAnyManifest,
  readChecksum,
  readManifest,
  readManifestText,
  type ManifestHead,
} from '../../src/tables/manifest.js';
import { readShardManifest } from '../../src/tables/shard-folder.js';
import { useTemporaryFolder } from './temporary-folder.js';

const inFolder = useTemporaryFolder();

const HEAD: ManifestHead = {
  signature: { name: 'mine', version: '1', fileHash: 'x' },
  aggregate: 'sum',
  range: { start: 5n, end: 50n },
  layout: 'job',
  chunk: 10n,
  count: 44n,
  bytes: 0n,
};
const CHECKSUM = `sha256:${'0a'.repeat(32)}`;

function makeShards(folders: readonly string[] = ['one', 'two', 'three']): object[] {
  const bounds = [5, 10, 20, 50];
  return folders.map((folder, i) => ({
    folder,
    start: String(bounds[i]),
    end: String(bounds[i + 1]),
    count: String(i === 0 ? 4 : bounds[i + 1]! - bounds[i]!),
    bytes: '0',
    checksum: CHECKSUM,
  }));
}

function makeDocument(changes: object = {}): Record<string, unknown> {
  const { range, chunk, count, bytes, ...head } = HEAD;
  return {
    ...{ format: 'sigtables', formatVersion: 1, ...head },
    range: { start: String(range.start), end: String(range.end) },
    ...{ chunk: String(chunk), count: String(count), bytes: String(bytes), shards: makeShards(), ...changes },
  };
}

/** Writes the manifest with a checksum that holds. */
async function write(document: object): Promise<void> {
  const body = `${JSON.stringify(document).slice(0, -1)},\n`;
  const digest = createHash('sha256').update(body).digest('hex');
  await writeFile(inFolder('manifest.json'), `${body}"checksum":"sha256:${digest}"\n}\n`);
}

const refused = (message: string): object => ({
  code: 'TABLES',
  message: expect.stringContaining(message) as string,
});

describe('a manifest that lists shards', () => {
  test('is read as it was written, with the schema and without', async () => {
    const shards = [
      { folder: 'one', range: { start: 5n, end: 7n }, count: 1n, bytes: 12n, checksum: CHECKSUM },
      { folder: 'ä two', range: { start: 7n, end: 50n }, count: 43n, bytes: 2n ** 70n, checksum: CHECKSUM },
    ];
    const parts = { ...HEAD, bytes: 12n + 2n ** 70n, shards };
    await writeFile(inFolder('manifest.json'), [...encodeShardedManifest(parts)].join(''));
    const manifest = { format: 'sigtables', formatVersion: 1, ...parts, files: [], buckets: [] };
    expect(await readAnyManifest(inFolder())).toEqual(manifest);
    expect(await openAnyManifest(inFolder())).toEqual(manifest);
    expect(parseManifest(readManifestText(inFolder()).toString())).toEqual(manifest);
  });

  test('is refused where a plain one is needed', async () => {
    await write(makeDocument());
    expect((await readAnyManifest(inFolder())).shards).toHaveLength(3);
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused('sharded table set'));
  });

  test.each<[string, object, string]>([
    ['a folder above', { shards: makeShards(['..', 'two', 'three']) }, 'plain file name'],
    ['a folder elsewhere', { shards: makeShards(['/etc', 'two', 'three']) }, 'plain file name'],
    ['a folder in a folder', { shards: makeShards(['a/b', 'two', 'three']) }, 'plain file name'],
    ['a folder in a folder of Windows', { shards: makeShards(['a\\b', 'two', 'three']) }, 'plain file name'],
    ['the set itself', { shards: makeShards(['.', 'two', 'three']) }, 'plain file name'],
    ['no name', { shards: makeShards(['', 'two', 'three']) }, 'plain file name'],
    ['the folder of a build', { shards: makeShards(['.build', 'two', 'three']) }, 'plain file name'],
    ['a folder twice', { shards: makeShards(['one', 'two', 'One']) }, 'a shard twice'],
    ['no shards', { shards: [] }, 'no shards'],
    ['shards that are no list', { shards: { length: 3 } }, 'shards'],
    ['a gap', { shards: makeShards().filter((_, i) => i !== 1) }, 'does not begin where'],
    ['another order', { shards: makeShards().reverse() }, 'does not begin where'],
    ['too short a range', { shards: makeShards().slice(0, 2) }, 'do not make up its own'],
    ['another count', { count: '43' }, 'counts of its shards'],
    ['other bytes', { bytes: '1' }, 'bytes of its shards'],
    ['files too', { files: [] }, 'lists no files'],
    ['buckets too', { buckets: [] }, 'lists no buckets'],
    ['a list of buckets too', { bucketList: { file: 'x', count: '3' } }, 'file of buckets too'],
    ['a negative count', { shards: [{ ...makeShards()[0], count: '-1' }] }, 'whole number'],
    ['no checksum', { shards: [{ ...makeShards()[0], checksum: 'abc' }] }, '64 hex digits'],
    ['more of a shard', { shards: [{ ...makeShards()[0], shards: [] }] }, 'shards'],
    ['a huge count', { shards: [{ ...makeShards()[0], count: '9'.repeat(9000) }] }, 'more numbers than'],
    ['an empty range', { range: { start: '5', end: '5' } }, 'range is empty'],
    ['numbers without end', { range: { start: '5', end: '9'.repeat(9000) } }, 'longer than any'],
  ])('is refused with %s', async (_what, changes, why) => {
    await write(makeDocument(changes));
    await expect(readAnyManifest(inFolder())).rejects.toMatchObject(refused(why));
    await expect(openTables(inFolder())).rejects.toMatchObject(refused(why));
  });
});

describe('a shard', () => {
  async function writeShard(head: ManifestHead): Promise<string> {
    await mkdir(inFolder('one'), { recursive: true });
    // As many files as the layout has, which is asked of a sound manifest.
    const { range, layout, chunk = range.end } = head;
    const count = layout === 'job' ? Number(splitIntoJobs(range, chunk).count) : 1;
    const files = Array.from({ length: count }, (_, i) => ({ file: `${i}.json`, bytes: 0n, crc32: 0 }));
    const text = [...encodeManifest({ ...head, files, buckets: [] })].join('');
    await writeFile(inFolder('one/manifest.json'), text);
    return readChecksum(Buffer.from(text));
  }

  const SHARD: ManifestHead = { ...HEAD, range: { start: 5n, end: 50n }, count: 0n };

  /** Opens it twice, as a reader does and as a check does; both say the same. */
  async function open(checksum: string, folder = 'one'): Promise<unknown> {
    const shard = { folder, start: '5', end: '50', count: '0', bytes: '0', checksum };
    await write(makeDocument({ count: '0', shards: [shard] }));
    const tables = await openTables(inFolder());
    const set = await readAnyManifest(inFolder());
    if (!set.shards) throw new Error('not sharded');
    const read: unknown = await readShardManifest(inFolder(), { ...set, shards: set.shards }, set.shards[0]!)
      .then(() => 'read')
      .catch((error: unknown) => error);
    const asked = (): unknown => {
      try {
        return tables.signatures().length === 0 ? 'read' : undefined;
      } catch (error) {
        return error;
      }
    };
    expect(asked()).toEqual(read);
    return read;
  }

  test('is read where it is the one that is named', async () => {
    expect(await open(await writeShard(SHARD))).toBe('read');
  });

  test('that is another one is refused', async () => {
    await writeShard(SHARD);
    expect(await open(CHECKSUM)).toMatchObject(refused('checksum'));
    for (const [change, why] of [
      [{ signature: { name: 'mine', version: '2', fileHash: 'x' } }, 'signature'],
      [{ aggregate: 'min' }, 'aggregate'],
      [{ layout: 'single', chunk: undefined }, 'layout'],
      [{ chunk: 11n }, 'per job'],
      [{ range: { start: 6n, end: 50n } }, 'range'],
    ] as const) {
      const { chunk, ...head } = { ...SHARD, ...change };
      const checksum = await writeShard({ ...head, ...(chunk !== undefined && { chunk }) });
      expect(await open(checksum)).toMatchObject(refused(why));
    }
  });

  test('behind a link, or gone, is refused', async () => {
    const checksum = await writeShard(SHARD);
    await symlink('one', inFolder('link'));
    expect(await open(checksum, 'link')).toMatchObject(refused('no folder'));
    expect(await open(checksum, 'absent')).toMatchObject(refused('no table set in'));
  });

  test('with shards of its own is refused', async () => {
    await mkdir(inFolder('nested'));
    const parts = { ...HEAD, count: 0n, shards: [{ ...SHARD, folder: 'x', checksum: CHECKSUM }] };
    const text = [...encodeShardedManifest(parts)].join('');
    await writeFile(inFolder('nested/manifest.json'), text);
    const set = { ...SHARD, format: 'sigtables', formatVersion: 1, files: [], buckets: [] } as const;
    const shard = { ...SHARD, folder: 'nested', checksum: readChecksum(Buffer.from(text)) };
    await expect(readShardManifest(inFolder(), { ...set, shards: [shard] }, shard)).rejects.toMatchObject(
      refused('shards of its own'),
    );
    await write(
      makeDocument({
        count: '0',
        shards: [{ ...makeShards(['nested'])[0], end: '50', count: '0', checksum: shard.checksum }],
      }),
    );
    const tables = await openTables(inFolder());
    expect(() => tables.signatures()).toThrow('none of a plain table set');
  });
});
