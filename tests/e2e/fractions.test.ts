import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFolder, hashFolder, runCommand } from './harness.js';
import { KEY_BODIES, writePlugIn } from './plug-ins.js';
import { buildBoth, succeed } from './sharded-sets.js';
import { listFiles } from './snapshot.js';

const LAYOUTS = ['signature', 'job', 'single'] as const;
const TIMEOUT_MS = 120_000;

/** Whole values at the front, and fractions in the middle that make a whole as a table shows them. */
const TENTHS =
  'valueOf: (n) => (n < 3 ? Number(n) + 1 : n >= 500 && n < 503 ? 0.1 : Number(n) === 503 ? 0.7 : 0),';
/** Great and small doubles of both signs, whole ones past 2^53 that print with zeros, and bigints. */
const ODD =
  'valueOf: (n) => [0.1, 1e300, -1e300, 2 ** 69 + 2 ** 20, 5e-324, 10n ** 18n + 7n, -0.7, 1 / 3, 3, 2 ** 53][(Number(n) * 7) % 10],';

async function print(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await runCommand(args, { cwd });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout;
}

async function expectEqualFolders(cwd: string, folder: string, expected: string): Promise<void> {
  expect(await hashFolder(join(cwd, folder))).toEqual(await hashFolder(join(cwd, expected)));
  expect((await listFiles(join(cwd, folder))).filter((name) => name.startsWith('.'))).toEqual([]);
}

async function readManifest(cwd: string, folder: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(cwd, folder, 'manifest.json'), 'utf8')) as Record<string, unknown>;
}

/** Changes the manifest's text, and its checksum with it. */
async function changeManifest(path: string, change: (text: string) => string): Promise<void> {
  const text = change(await readFile(path, 'utf8'));
  const body = text.slice(0, text.lastIndexOf('"checksum"'));
  const digest = createHash('sha256').update(body).digest('hex');
  await writeFile(path, `${body}"checksum":"sha256:${digest}"\n}\n`);
}

describe('sums of fractions', () => {
  it.each(LAYOUTS)(
    'are those of one build in the layout %s, however the range is cut',
    async (layout) => {
      const cwd = await createFolder();
      const plugIn = await writePlugIn(cwd, KEY_BODIES.one, TENTHS);
      const args = ['--signature', plugIn, '--aggregate', 'sum', '--range', '0..1000', '--layout', layout];
      await buildBoth(cwd, 2, args);
      const shards = ['parts/shard 1', 'parts/shard 2'];
      await succeed(cwd, 'merge', ...shards, '--out', 'merged');
      await succeed(cwd, 'merge', 'parts', '--out', 'merged-sharded');
      await expectEqualFolders(cwd, 'merged', 'whole');
      await expectEqualFolders(cwd, 'merged-sharded', 'whole');
      const sharded = ['--tables', 'parts'];
      if (layout !== 'job') {
        expect(await print(cwd, 'lookup', 'all', '--tables', 'whole')).toBe('7\n');
        expect(await print(cwd, 'lookup', 'all', ...sharded)).toBe('7\n');
        await succeed(cwd, 'build', ...args, '--chunk', '7', '--cpus', '2', '--out', 'chunked');
        await expectEqualFolders(cwd, 'chunked', 'whole');
      }
      for (const set of ['whole', 'parts', 'merged']) {
        await print(cwd, 'verify', set, '--progress', 'none');
        await print(cwd, 'verify', set, '--deep', '--progress', 'none');
      }
      expect(await readManifest(cwd, 'whole')).toMatchObject({
        formatVersion: 2,
        remainders: { file: 'remainders.jsonl', count: '1' },
      });
    },
    TIMEOUT_MS,
  );

  it(
    'merge and convert to the bytes of one build: any keys, layouts, parts, values',
    async () => {
      const merges = fc.record({
        keys: fc.constantFrom('few', 'weird', 'skewed', 'sparse', 'distinct'),
        values: fc.constantFrom(TENTHS, ODD),
        from: fc.constantFrom(...LAYOUTS),
        to: fc.constantFrom(...LAYOUTS),
        parts: fc.integer({ min: 1, max: 5 }),
      });
      const expectWhole = async (merge: {
        keys: 'few' | 'weird' | 'skewed' | 'sparse' | 'distinct';
        values: string;
        from: string;
        to: string;
        parts: number;
      }): Promise<void> => {
        const from = merge.to === 'job' ? 'job' : merge.from;
        const cwd = await createFolder();
        const plugIn = await writePlugIn(cwd, KEY_BODIES[merge.keys], merge.values);
        const build = ['build', '--signature', plugIn, '--aggregate', 'sum', '--range', '90..1390'];
        await succeed(cwd, ...build, '--chunk', '400', '--layout', merge.to, '--out', 'whole');
        const parts = Array.from({ length: merge.parts }, (_, i) => `part-${i + 1}`);
        for (const [i, part] of parts.entries()) {
          const shard = ['--shard', `${i + 1}/${merge.parts}`, '--chunk', '100', '--layout', from];
          await succeed(cwd, ...build, ...shard, '--out', part);
        }
        const chunk = merge.to === 'job' ? ['--chunk', '400'] : [];
        await succeed(cwd, 'merge', ...parts, '--layout', merge.to, ...chunk, '--out', 'merged');
        await expectEqualFolders(cwd, 'merged', 'whole');
        await print(cwd, 'verify', 'merged', '--deep', '--progress', 'none');
      };
      await fc.assert(fc.asyncProperty(merges, expectWhole), { numRuns: 3 });
    },
    TIMEOUT_MS,
  );

  it(
    'are found in shards as in one table set: great, small and past 2^53',
    async () => {
      const cwd = await createFolder();
      const plugIn = await writePlugIn(cwd, KEY_BODIES.few, ODD);
      await buildBoth(cwd, 3, ['--signature', plugIn, '--aggregate', 'sum', '--range', '0..997']);
      for (const key of ['0', '1', '2', '3', '4', '5', '6'])
        expect(await print(cwd, 'lookup', key, '--tables', 'parts')).toBe(
          await print(cwd, 'lookup', key, '--tables', 'whole'),
        );
    },
    TIMEOUT_MS,
  );

  it(
    'need their remainders: damaged ones are found, and end a merge',
    async () => {
      const cwd = await createFolder();
      const plugIn = await writePlugIn(cwd, KEY_BODIES.few, ODD);
      const args = ['--signature', plugIn, '--aggregate', 'sum', '--range', '0..500'];
      await succeed(cwd, 'build', ...args, '--out', 'tables');
      const path = join(cwd, 'tables', 'remainders.jsonl');
      const text = await readFile(path, 'utf8');
      expect(text.split('\n')).toHaveLength(8);
      await writeFile(
        path,
        text.replace(/\d(?=\d*e)/, (digit) => (digit === '9' ? '8' : '9')),
      );
      for (const deep of [[], ['--deep']]) {
        const found = await runCommand(['verify', 'tables', ...deep, '--progress', 'none'], { cwd });
        expect(found).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('remainders.jsonl') });
      }
      const repair = await runCommand(['verify', 'tables', '--repair'], { cwd });
      expect(repair.exitCode).not.toBe(0);
      const merge = ['merge', 'tables', '--layout', 'single', '--out', 'merged', '-q'];
      const merged = await runCommand(merge, { cwd });
      expect(merged).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('remainders.jsonl is damaged'),
      });
      const whole = await writePlugIn(cwd, KEY_BODIES.few, 'valueOf: (n) => Number(n),');
      const replaced = ['--signature', whole, '--aggregate', 'sum', '--range', '0..500', '--force'];
      await succeed(cwd, 'build', ...replaced, '--out', 'tables');
      expect(await listFiles(join(cwd, 'tables'))).not.toContain('remainders.jsonl');
      expect(await readManifest(cwd, 'tables')).toMatchObject({ formatVersion: 1 });
    },
    TIMEOUT_MS,
  );

  it(
    'of format 1 are read, and neither merged nor added up',
    async () => {
      const cwd = await createFolder();
      const plugIn = await writePlugIn(cwd, KEY_BODIES.one, 'valueOf: (n) => Number(n) / 2,');
      const args = ['--signature', plugIn, '--aggregate', 'sum', '--range', '0..10', '--layout', 'single'];
      await buildBoth(cwd, 2, args);
      for (const shard of ['1', '2']) {
        const text = await readFile(join(cwd, `parts/shard ${shard}`, 'remainders.jsonl'));
        await changeManifest(join(cwd, `parts/shard ${shard}`, 'manifest.json'), (manifest) =>
          manifest
            .replace('"formatVersion":2', '"formatVersion":1')
            .replace(/"remainders":.*\n/, '')
            .replace(/,\n\{"file":"remainders.*\n/, '\n')
            .replace(/"bytes":"(\d+)"/, (_, bytes) => `"bytes":"${Number(bytes) - text.length}"`),
        );
      }
      const shards = ['parts/shard 1', 'parts/shard 2'];
      expect(await print(cwd, 'lookup', 'all', '--tables', shards[1]!)).toBe('17.5\n');
      const merged = await runCommand(['merge', ...shards, '--out', 'merged', '-q'], { cwd });
      expect(merged).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('of format 1') });
      expect((await listFiles(join(cwd, 'merged'))).filter((name) => !name.includes('lock'))).toEqual([]);
      await succeed(cwd, 'merge', ...shards, '--sharded', '--out', 'parts');
      const found = await runCommand(['lookup', 'all', '--tables', 'parts'], { cwd });
      expect(found).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('a sum of fractions, of format 1'),
      });
    },
    TIMEOUT_MS,
  );
});
