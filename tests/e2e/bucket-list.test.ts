import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { openTables, type LayoutName, type Tables } from '../../src/index.js';
import { MANIFEST_MAX_BUCKETS } from '../../src/limits.js';
import { encodeBucket, readManifest } from '../../src/tables/manifest.js';
import { createFolder, hashFolder, runCommand } from './harness.js';

/** More keys than a manifest takes, in mixed order; each has one or two numbers. */
const KEYS = MANIFEST_MAX_BUCKETS + 1;
const NUMBERS = KEYS + 100_000;
const SIGNATURE = `export default {
  name: 'many', version: '1',
  keyOf: (n) => 'k"' + (Math.imul(n % ${KEYS}, 2654435761) >>> 0).toString(36),
};`;

let cwd = '';

function keyOf(n: number): string {
  return `k"${(Math.imul(n % KEYS, 2654435761) >>> 0).toString(36)}`;
}

async function build(out: string, ...args: string[]): Promise<string> {
  const shared = ['--signature', './many.mjs', '--range', String(NUMBERS), '--no-sync', '-q'];
  const { stderr, exitCode } = await runCommand(['build', ...shared, '--out', out, ...args], { cwd });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return join(cwd, out);
}

async function collect(tables: Tables, key: string): Promise<number[]> {
  const numbers: number[] = [];
  for await (const n of tables.members(key)) numbers.push(Number(n));
  return numbers;
}

beforeAll(async () => {
  cwd = await createFolder();
  await writeFile(join(cwd, 'many.mjs'), SIGNATURE);
});

const LAYOUTS: readonly LayoutName[] = ['single', 'job'];

test.each(LAYOUTS)(
  'a table set of many buckets in the layout %s lists them in a file, and reads the same',
  async (layout) => {
    const folder = await build(layout, '--layout', layout, '--chunk', '50000', '--cpus', '2');
    const manifest = await readManifest(folder);
    expect(manifest.buckets).toEqual([]);
    expect(manifest.bucketList).toEqual({ file: 'buckets.jsonl', count: BigInt(KEYS) });
    expect(manifest.files.at(-1)?.file).toBe('buckets.jsonl');
    expect(
      (await execa('sort', ['-c', 'buckets.jsonl'], { cwd: folder, env: { LC_ALL: 'C' } })).exitCode,
    ).toBe(0);
    const tables = await openTables(folder);
    for (const n of [0, 1, 77_777, 99_999, 100_000, KEYS - 1, KEYS, NUMBERS - 1]) {
      const key = keyOf(n);
      const numbers = [n % KEYS, (n % KEYS) + KEYS].filter((member) => member < NUMBERS);
      const index = numbers.indexOf(n);
      expect(tables.count(key)).toBe(numbers.length);
      expect(tables.at(key, index)).toBe(n);
      expect(await collect(tables, key)).toEqual(numbers);
      expect(tables.signatureOf(n)).toBe(key);
      const place = tables.find(n);
      expect(place).toMatchObject({ signature: key, index });
      const text = await readFile(join(folder, place?.file ?? ''), 'latin1');
      expect(text.slice(place?.offset).split(/[,\]]/, 1)).toEqual([String(n)]);
    }
    expect(tables.has(NUMBERS)).toBe(false);
    for (const key of ['nope', 'k', 'k"', '', '~']) expect(tables.count(key)).toBe(0);
    const signatures = tables.signatures();
    expect(signatures).toHaveLength(KEYS);
    expect(new Set(signatures)).toEqual(new Set(Array.from({ length: KEYS }, (_, n) => keyOf(n))));
    tables.close();
  },
);

test('each line is what the manifest would say', async () => {
  const folder = await build('lines', '--layout', 'single');
  const table = await readFile(join(folder, 'table.json'), 'latin1');
  let lines = 0;
  for await (const line of createInterface({ input: createReadStream(join(folder, 'buckets.jsonl')) })) {
    if (lines++ % 1000 > 0) continue;
    const { key, offset, bytes, count, first, last } = JSON.parse(line) as Record<string, string>;
    const members = JSON.parse(table.slice(Number(offset), Number(offset) + Number(bytes))) as number[];
    expect([members.length, members[0], members.at(-1)].map(String)).toEqual([count, first, last]);
    const whole = { offset: BigInt(offset ?? ''), bytes: BigInt(bytes ?? ''), count: BigInt(count ?? '') };
    const ends = { first: BigInt(first ?? ''), last: BigInt(last ?? '') };
    expect(line).toBe(encodeBucket({ key: key ?? '', file: 'table.json', ...whole, ...ends }));
  }
  expect(lines).toBe(KEYS);
});

test('verify covers the list, and the reader refuses what is wrong in it', async () => {
  const folder = await build('checked', '--layout', 'single');
  const verify = () => runCommand(['verify', 'checked', '-q'], { cwd });
  expect(await verify()).toMatchObject({ exitCode: 0 });
  const path = join(folder, 'buckets.jsonl');
  const good = await readFile(path);
  const bad = Buffer.from(good);
  bad[good.length >> 1]! ^= 1;
  await writeFile(path, bad);
  expect(await verify()).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('buckets.jsonl') });
  await writeFile(path, good.subarray(0, -1));
  const { exitCode, stderr } = await runCommand(['lookup', keyOf(5), '--tables', 'checked'], { cwd });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('buckets.jsonl has');
});

test('values are found through the list; the bytes are the same for any --cpus, and --force leaves none behind', async () => {
  const args = ['--layout', 'single', '--aggregate', 'count'];
  const folder = await build('one', ...args, '--cpus', '1');
  const tables = await openTables(folder);
  expect([tables.value(keyOf(5)), tables.value(keyOf(150_000)), tables.value('nope')]).toEqual([
    2,
    1,
    undefined,
  ]);
  tables.close();
  const other = await build('two', ...args, '--cpus', '2', '--max-memory', '250MB');
  expect(await hashFolder(other)).toEqual(await hashFolder(folder));
  const again = [
    'build',
    '--range',
    '1000',
    '--layout',
    'single',
    '--out',
    'one',
    '--no-sync',
    '-q',
    '--force',
  ];
  expect(await runCommand(again, { cwd })).toMatchObject({ exitCode: 0 });
  expect(Object.keys(await hashFolder(folder))).toEqual(['manifest.json', 'table.json']);
});
