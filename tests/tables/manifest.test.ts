import { createHash } from 'node:crypto';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MANIFEST_MAX_BYTES } from '../../src/limits.js';
import { writeFileDurably } from '../../src/tables/durable.js';
import {
  encodeManifest,
  manifestPath,
  readManifest,
  type Manifest,
  type ManifestParts,
} from '../../src/tables/manifest.js';
import { openAnyManifest } from '../../src/tables/manifest-view.js';
import { useTemporaryFolder } from './temporary-folder.js';

const inFolder = useTemporaryFolder();

const SIGNATURE_SET: Manifest = {
  format: 'sigtables',
  formatVersion: 1,
  signature: { name: 'reduced', version: '1' },
  range: { start: 10n, end: 13n },
  layout: 'signature',
  count: 3n,
  bytes: 26n,
  files: [
    { file: '0210.json', bytes: 13n, crc32: 0x0a },
    { file: '0211.json', bytes: 13n, crc32: 0xffffffff },
  ],
  buckets: [
    { key: '0210', file: '0210.json', offset: 8n, count: 1n, bytes: 4n, first: 10n, last: 10n },
    { key: '0211', file: '0211.json', offset: 8n, count: 2n, bytes: 5n, first: 11n, last: 12n },
  ],
};

const JOB_SET: Manifest = {
  ...SIGNATURE_SET,
  signature: { name: 'mine', version: '2.1', fileHash: 'sha256:ab' },
  layout: 'job',
  chunk: 2n ** 79n,
  range: { start: 10n, end: 2n ** 80n },
  buckets: [{ key: '__proto__ "ä"\n\ud800', count: 3n, bytes: 9n, first: 10n, last: 2n ** 70n }],
};

/** Parts that can be gone through once only, as a build hands them over. */
function toParts(manifest: Manifest): ManifestParts {
  return { ...manifest, files: manifest.files.values(), buckets: manifest.buckets.values() };
}

async function write(manifest: Manifest): Promise<void> {
  await writeFileDurably(manifestPath(inFolder()), encodeManifest(toParts(manifest)), { sync: false });
}

/** Writes JSON as the format has it, with a good checksum. */
async function writeSealed(body: string): Promise<void> {
  const digest = createHash('sha256').update(body).digest('hex');
  await writeFile(manifestPath(inFolder()), `${body}"checksum":"sha256:${digest}"\n}\n`);
}

/** The text of `manifest` without its last two lines, `from` replaced by `to`. */
function bodyWith(manifest: Manifest, from: string | RegExp, to: string): string {
  const body = [...encodeManifest(toParts(manifest))].slice(0, -1).join('');
  const changed = body.replace(from, to);
  expect(changed).not.toBe(body);
  return changed;
}

const refused = (message: string): object => ({
  code: 'TABLES',
  message: expect.stringContaining(message) as string,
});

describe('encodeManifest', () => {
  it('writes the members in a fixed order, an entry a line', () => {
    const text = [...encodeManifest(SIGNATURE_SET)].join('');
    const body = `{
"format":"sigtables","formatVersion":1,
"signature":{"name":"reduced","version":"1"},
"range":{"start":"10","end":"13"},
"layout":"signature",
"count":"3",
"bytes":"26",
"files":[
{"file":"0210.json","bytes":"13","crc32":"0000000a"},
{"file":"0211.json","bytes":"13","crc32":"ffffffff"}
],
"buckets":[
{"key":"0210","file":"0210.json","offset":"8","count":"1","bytes":"4","first":"10","last":"10"},
{"key":"0211","file":"0211.json","offset":"8","count":"2","bytes":"5","first":"11","last":"12"}
],
`;
    const digest = createHash('sha256').update(body).digest('hex');
    expect(text).toBe(`${body}"checksum":"sha256:${digest}"\n}\n`);
    expect(JSON.parse(text)).toMatchObject({ layout: 'signature', count: '3' });
  });

  it('does not depend on the order in which members were given', () => {
    const reversed = (object: object): object => Object.fromEntries(Object.entries(object).reverse());
    const shuffled = {
      ...reversed(JOB_SET),
      signature: reversed(JOB_SET.signature),
      files: JOB_SET.files.map(reversed),
      buckets: JOB_SET.buckets.map(reversed),
    } as object as Manifest;
    expect([...encodeManifest(shuffled)].join('')).toBe([...encodeManifest(JOB_SET)].join(''));
  });

  it('goes through the files as the text is asked for', () => {
    let asked = 0;
    const files = (function* () {
      for (; ; asked++) yield { file: `${asked}.json`, bytes: 1n, crc32: asked };
    })();
    const text = encodeManifest({ ...JOB_SET, files });
    for (let i = 0; i < 1000; i++) text.next();
    expect(asked).toBeGreaterThan(900);
    expect(asked).toBeLessThan(1000);
  });
});

describe('readManifest', () => {
  const { signature } = JOB_SET;
  const EMPTY_SET = { ...SIGNATURE_SET, signature, count: 0n, bytes: 0n, files: [], buckets: [] };

  it.each([SIGNATURE_SET, JOB_SET, EMPTY_SET])('gives back what was written, %#', async (manifest) => {
    await write(manifest);
    expect(await readManifest(inFolder())).toStrictEqual(manifest);
  });

  it('gives back any keys, names and numbers', async () => {
    const number = fc.bigInt({ min: 0n, max: 10n ** 40n });
    const plain = { noNullPrototype: true };
    const numbers = { count: number, bytes: number, first: number, last: number };
    const bucket = fc.record({ key: fc.string({ unit: 'binary' }), ...numbers }, plain);
    const name = fc.string().map((key) => `${encodeURIComponent(key).replaceAll('.', '%2E')}.json`);
    const crc = fc.integer({ min: 0, max: 0xffffffff });
    const file = fc.record({ file: name, bytes: number, crc32: crc }, plain);
    const buckets = fc.uniqueArray(bucket, { selector: ({ key }) => key });
    const files = fc.uniqueArray(file, { selector: (entry) => entry.file, minLength: 1 });
    const check = async (parts: Pick<Manifest, 'files' | 'buckets'>): Promise<void> => {
      const count = parts.buckets.reduce((sum, entry) => sum + entry.count, 0n);
      const bytes = parts.files.reduce((sum, entry) => sum + entry.bytes, 0n);
      const range = { start: 0n, end: 10n ** 60n };
      const chunk = range.end / BigInt(parts.files.length) + 1n;
      const manifest = { ...JOB_SET, ...parts, range, chunk, count, bytes };
      await write(manifest);
      expect(await readManifest(inFolder())).toStrictEqual(manifest);
    };
    await fc.assert(fc.asyncProperty(fc.record({ files, buckets }, plain), check), { numRuns: 50 });
  });

  it('says what to run where there is no table set', async () => {
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused('run sigtables build'));
    await expect(readManifest(inFolder('absent'))).rejects.toMatchObject(refused('no table set in'));
    await writeFile(inFolder('file'), '');
    await expect(readManifest(inFolder('file'))).rejects.toMatchObject(refused('no table set in'));
  });

  it('refuses a folder in its place', async () => {
    await mkdir(manifestPath(inFolder()));
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused('not a file'));
  });

  it('refuses a manifest with a changed byte, whichever it is', async () => {
    await write(JOB_SET);
    const good = await readFile(manifestPath(inFolder()));
    for (let at = 0; at < good.length; at++) {
      for (const change of [1 << (at % 8), 0x20]) {
        const bad = Buffer.from(good);
        bad[at] = good[at]! ^ change;
        await writeFile(manifestPath(inFolder()), bad);
        await expect(readManifest(inFolder())).rejects.toMatchObject({ code: 'TABLES' });
      }
    }
  });

  it('refuses a manifest that is cut off or goes on, wherever', async () => {
    await write(SIGNATURE_SET);
    const good = await readFile(manifestPath(inFolder()));
    await writeFile(manifestPath(inFolder()), `${good.toString()}\n`);
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused('checksum'));
    for (let size = good.length - 1; size >= 0; size--) {
      await writeFile(manifestPath(inFolder()), good.subarray(0, size));
      await expect(readManifest(inFolder())).rejects.toMatchObject(refused('damaged'));
    }
  });

  it('refuses a manifest that is larger than any, without reading it', async () => {
    await write(SIGNATURE_SET);
    await truncate(manifestPath(inFolder()), MANIFEST_MAX_BYTES + 1);
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused(String(MANIFEST_MAX_BYTES)));
  });

  it('tells a newer format from damage, whatever its checksum looks like', async () => {
    await writeFile(manifestPath(inFolder()), '{"format":"sigtables","formatVersion":3,"else":[]}');
    await expect(readManifest(inFolder())).rejects.toMatchObject(
      refused('written by a newer sigtables (format 3'),
    );
    await writeSealed(bodyWith(SIGNATURE_SET, '"formatVersion":1', '"formatVersion":17'));
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused('newer sigtables (format 17'));
  });

  it.each([
    ['no JSON', '"range":{', '"range":'],
    ['another format', '"format":"sigtables"', '"format":"other"'],
    ['an empty count', '"count":"3"', '"count":""'],
    ['a number for a string', '"count":"3"', '"count":3'],
    ['a negative number', '"start":"10"', '"start":"-10"'],
    ['a number in hex', '"end":"13"', '"end":"0x1f"'],
    ['a number with zeros before it', '"end":"13"', '"end":"013"'],
    ['a number with a space', '"end":"13"', '"end":"13 "'],
    ['a number with a newline', '"end":"13"', '"end":"13\\n"'],
    ['a number too long to parse in time', '"end":"13"', `"end":"${'1'.repeat(10_001)}"`],
    ['a CRC of 7 digits', '"crc32":"0000000a"', '"crc32":"000000a"'],
    ['an unknown layout', '"layout":"signature"', '"layout":"other"'],
    ['an unknown member of a bucket', '"offset":"8"', '"offset":"8","extra":1'],
    ['a missing member', '"layout":"signature",', ''],
    ['an empty range', '"end":"13"', '"end":"10"'],
    ['a chunk', '"layout":"signature"', '"layout":"signature","chunk":"1"'],
    ['a bucket without a file', '"file":"0211.json","offset":"8",', ''],
    [
      'a bucket in a file that it does not list',
      '"file":"0211.json","offset"',
      '"file":"0212.json","offset"',
    ],
    ['a bucket beyond the end of its file', '"offset":"8","count":"2"', '"offset":"9","count":"2"'],
    ['files that do not add up', '"bytes":"26"', '"bytes":"27"'],
    ['buckets that do not add up', '"count":"3"', '"count":"4"'],
    ['a file twice', /0211\.json/g, '0210.json'],
    ['a bucket twice', '"key":"0211"', '"key":"0210"'],
  ])('refuses %s, though the checksum is right', async (_case, from, to) => {
    await writeSealed(bodyWith(SIGNATURE_SET, from, to));
    const error: unknown = await readManifest(inFolder()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(refused('is damaged ('));
  });

  it('refuses a job set without a chunk, or with places for buckets', async () => {
    await writeSealed(bodyWith(JOB_SET, /"chunk":"\d+",\n/, ''));
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused('chunk'));
    await writeSealed(bodyWith(JOB_SET, '"key":', '"file":"0210.json","offset":"1","key":'));
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused('does not lie'));
  });

  it.each<[string, Manifest, string]>([
    [
      'a range below its first number',
      { ...SIGNATURE_SET, range: { start: 0n, end: 3n } },
      'begins below 10, the first number of its signature',
    ],
    [
      'a number too few',
      { ...SIGNATURE_SET, range: { start: 10n, end: 14n } },
      'fewer numbers than its range',
    ],
    [
      'a number too many',
      { ...SIGNATURE_SET, range: { start: 10n, end: 12n } },
      'more numbers than its range',
    ],
    [
      'a number too many for a plug-in',
      { ...SIGNATURE_SET, signature, range: { start: 0n, end: 2n } },
      'more numbers than its range',
    ],
    ['more jobs than files', { ...JOB_SET, chunk: 2n ** 78n }, 'lists 2 files, and its layout has 4'],
    ['fewer jobs than files', { ...JOB_SET, chunk: 2n ** 80n }, 'lists 2 files, and its layout has 1'],
    ['two files of one', { ...SIGNATURE_SET, layout: 'single' }, 'lists 2 files, and its layout has 1'],
    [
      'a list of buckets in the place of a job',
      { ...JOB_SET, bucketList: { file: '0211.json', count: 1n }, buckets: [] },
      'lists 2 files, and its layout has 3',
    ],
  ])('refuses %s', async (_case, manifest, why) => {
    await write(manifest);
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused(why));
    await expect(openAnyManifest(inFolder())).rejects.toMatchObject(refused(why));
  });

  it.each([
    '../x.json',
    '..',
    '.',
    '',
    '/etc/passwd',
    'a/b',
    'a\\b',
    'a\\u0000b',
    'C:x',
    'manifest.json',
    'MANIFEST.json',
    '.build',
  ])('refuses the file name "%s"', async (name) => {
    await writeSealed(bodyWith(SIGNATURE_SET, /0211\.json/g, name.replaceAll('\\b', '\\\\b')));
    await expect(readManifest(inFolder())).rejects.toMatchObject(refused('plain file name'));
  });
});
