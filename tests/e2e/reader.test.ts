import { readFileSync, readdirSync } from 'node:fs';
import { readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closedForm, openTables, SigtablesError, type LayoutName, type Tables } from '../../src/index.js';
import { keyOf } from '../../src/signatures/reduced/key.js';
import { encodeManifest, readManifest } from '../../src/tables/manifest.js';
import { createFolder, runCommand } from './harness.js';

const RANGES = [
  '10..1234',
  '95..10111',
  '99873..123457',
  '9007199254740000..9007199254742000',
  '1e30-77..1e30+900',
];
const LAYOUTS: readonly LayoutName[] = ['signature', 'single', 'job'];

async function buildTables(range: string, layout: LayoutName): Promise<string> {
  const folder = join(await createFolder(), 'tables');
  const args = [
    'build',
    '--range',
    range,
    '--layout',
    layout,
    '--chunk',
    '700',
    '--out',
    folder,
    '--cpus',
    '1',
  ];
  const { exitCode, stderr } = await runCommand([...args, '--no-sync', '-q']);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return folder;
}

/** Makes the tables look like those of a signature from a file: no closed form, no function. */
async function disguise(folder: string): Promise<void> {
  const manifest = await readManifest(folder);
  const signature = { name: 'mine', version: '7', fileHash: 'abc' };
  const text = [...encodeManifest({ ...manifest, signature })].join('');
  await writeFile(join(folder, 'manifest.json'), text);
}

function scan(start: bigint, end: bigint): Map<string, bigint[]> {
  const buckets = new Map<string, bigint[]>();
  for (let n = start; n < end; n++) buckets.set(keyOf(n), [...(buckets.get(keyOf(n)) ?? []), n]);
  return buckets;
}

async function collect(tables: Tables, key: string, selection = {}): Promise<bigint[]> {
  const found: bigint[] = [];
  for await (const n of tables.members(key, selection)) found.push(BigInt(n));
  return found;
}

const CASES = RANGES.flatMap((range) =>
  LAYOUTS.flatMap((layout) => [true, false].map((known) => ({ range, layout, known }))),
);

test.each(CASES)(
  '$range in the layout $layout reads as a scan finds it (signature known: $known)',
  async ({ range, layout, known }) => {
    const folder = await buildTables(range, layout);
    if (!known) await disguise(folder);
    const tables = await openTables(folder);
    const { start, end } = closedForm(range).range;
    expect(tables.manifest.range).toEqual({ start, end });
    const buckets = scan(start, end);
    expect(tables.signatures()).toEqual([...buckets.keys()]);
    let checked = 0;
    for (const [key, members] of buckets) {
      expect(tables.count(key)).toBe(members.length);
      if (checked++ % (known ? 9 : 40) > 0) continue;
      expect(await collect(tables, key)).toEqual(members);
      expect(await collect(tables, key, { from: 1, limit: 2 })).toEqual(members.slice(1, 3));
      const indexes = [0, members.length >> 1, members.length - 1];
      for (const index of indexes) {
        const n = members[index] ?? 0n;
        const found = tables.at(key, index);
        expect(typeof found).toBe(n > Number.MAX_SAFE_INTEGER ? 'bigint' : 'number');
        expect(BigInt(found ?? -1)).toBe(n);
        expect(tables.indexOf(n)).toBe(index);
        expect(tables.signatureOf(n)).toBe(key);
        const place = tables.find(n);
        const text = readFileSync(join(folder, place?.file ?? ''), 'latin1');
        expect(text.slice(place?.offset).startsWith(`${n}`)).toBe(true);
      }
      expect(tables.at(key, members.length)).toBeUndefined();
    }
    expect(tables.has(start)).toBe(true);
    expect(tables.has(end)).toBe(false);
    expect(tables.has(start - 1n)).toBe(false);
    expect(tables.at('nope', 0)).toBeUndefined();
    expect(await collect(tables, 'nope')).toEqual([]);
    tables.close();
  },
);

/** The descriptors that this process holds below `folder`. */
function countOpen(): number {
  return readdirSync('/proc/self/fd').length;
}

test.runIf(process.platform === 'linux')('few files are open at once, and none after close', async () => {
  const folder = await buildTables('1e5', 'signature');
  const before = countOpen();
  const tables = await openTables(folder, { maxOpenFiles: 3 });
  for (const key of tables.signatures()) expect(tables.at(key, 0)).toBeDefined();
  expect(countOpen() - before).toBe(3);
  for await (const n of tables.members('1667')) if (n > 0) break;
  tables.close();
  expect(countOpen()).toBe(before);
  expect(() => tables.at('1667', 0)).toThrow('are closed');
  await expect(collect(tables, '1667')).rejects.toThrow('are closed');
});

test('a folder without tables, and a set with a wrong file, are refused by name', async () => {
  await expect(openTables(await createFolder())).rejects.toMatchObject({ code: 'TABLES' });
  const folder = await buildTables('1e5', 'signature');
  const tables = await openTables(folder);
  await truncate(join(folder, '1667.json'), 40);
  expect(() => tables.at('1667', 0)).toThrow(/1667\.json has 40 bytes/);
  await rm(join(folder, '1111.json'));
  expect(() => tables.at('1111', 0)).toThrow(/1111\.json is gone/);
  await rename(join(folder, '1212.json'), join(folder, 'elsewhere'));
  await symlink('elsewhere', join(folder, '1212.json'));
  expect(() => tables.at('1212', 0)).toThrow(/1212\.json is not a plain file/);
  tables.close();
});

test.each(LAYOUTS)('500 changed bytes in the layout %s: every read is right or refused', async (layout) => {
  const folder = await buildTables('1e4', layout);
  const { files } = await readManifest(folder);
  const scanned = scan(10n, 10_000n);
  let refused = 0;
  for (let i = 0; i < 500; i++) {
    const { file, bytes } = files[(i * 7919) % files.length]!;
    const path = join(folder, file);
    const good = await readFile(path);
    const bad = Buffer.from(good);
    const at = (i * 104_729) % Number(bytes);
    bad[at] = (bad[at]! + 1 + (i % 9)) % 256;
    await writeFile(path, bad);
    const tables = await openTables(folder);
    // The bucket that the byte belongs to, or whose label it is in.
    const labels = [...good.toString('latin1').matchAll(/"(\d+)":/g)].filter(({ index }) => index <= at);
    const keys = [labels.at(-1)?.[1] ?? '0210'];
    for (const key of keys) {
      const members = scanned.get(key) ?? [];
      try {
        expect(await collect(tables, key)).toEqual(members);
        members.forEach((n, index) => expect(tables.at(key, index)).toBe(Number(n)));
      } catch (error) {
        expect(error).toBeInstanceOf(SigtablesError);
        expect((error as SigtablesError).message).toContain(`${file} is damaged at byte`);
        refused += 1;
      }
    }
    tables.close();
    await writeFile(path, good);
  }
  // The other bytes are those of labels, which the closed form has no need to read.
  expect(refused).toBeGreaterThan(200);
});
