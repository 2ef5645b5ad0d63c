import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFolder, hashFolder, runCommand, startCommand } from './harness.js';
import { KEY_BODIES, writePlugIn, type KeyBody } from './plug-ins.js';
import { succeed } from './sharded-sets.js';
import { listFiles } from './snapshot.js';

const LAYOUTS = ['signature', 'job', 'single'] as const;
const STARTS = [0n, 95n, 99_990n, 2n ** 53n - 300n, 10n ** 15n - 777n, 10n ** 20n - 77n];
/** Exact at any size, with values past 2^53. */
const WHOLE_VALUES =
  'valueOf(n) { return BigInt(n) % 3n === 0n ? BigInt(n) ** 3n : -Number(n); }, aggregates: { own: { init: () => 0, add: (a) => a + 1, merge: (a, b) => a + b } },';

type Layout = (typeof LAYOUTS)[number];

/** Builds `whole`, and the same in `count` shards; gives their folders, the last first. */
async function buildParts(
  cwd: string,
  count: number,
  args: readonly string[],
  name = 'part',
): Promise<string[]> {
  const folders = Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
  for (const [i, folder] of folders.entries())
    await succeed(cwd, 'build', ...args, '--shard', `${i + 1}/${count}`, '--out', folder);
  return folders.reverse();
}

async function expectEqualFolders(cwd: string, folder: string, expected: string): Promise<void> {
  expect(await hashFolder(join(cwd, folder))).toEqual(await hashFolder(join(cwd, expected)));
  expect((await listFiles(join(cwd, folder))).filter((name) => name.startsWith('.'))).toEqual([]);
}

async function refuse(cwd: string, status: number, message: string, ...args: string[]): Promise<void> {
  const result = await runCommand(['merge', ...args, '-q'], { cwd });
  expect(result).toMatchObject({ exitCode: status, stderr: expect.stringContaining(message) });
  expect(result.stderr.trim().split('\n')).toHaveLength(1);
}

describe('a merge of table sets of a plug-in', () => {
  it('gives the bytes of the whole: any keys, range, number of parts, layouts', async () => {
    const merges = fc.record({
      keys: fc.constantFrom(...(Object.keys(KEY_BODIES) as KeyBody[])),
      from: fc.constantFrom(...LAYOUTS),
      to: fc.constantFrom(...LAYOUTS),
      start: fc.constantFrom(...STARTS),
      size: fc.integer({ min: 9, max: 2500 }),
      chunk: fc.integer({ min: 50, max: 3000 }),
      parts: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(fc.asyncProperty(merges, expectWhole), { numRuns: 6 });
  }, 900_000);

  async function expectWhole(merge: {
    keys: KeyBody;
    from: Layout;
    to: Layout;
    start: bigint;
    size: number;
    chunk: number;
    parts: number;
  }): Promise<void> {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, KEY_BODIES[merge.keys]);
    const range = `${merge.start}..${merge.start + BigInt(merge.size)}`;
    const chunk = ['--chunk', String(merge.chunk)];
    const args = ['--signature', plugIn, '--range', range, ...chunk, '--cpus', '1'];
    await succeed(cwd, 'build', ...args, '--layout', merge.to, '--out', 'whole');
    const parts = await buildParts(cwd, merge.parts, [...args, '--layout', merge.from]);
    const to = ['--layout', merge.to, ...(merge.to === 'job' ? chunk : [])];
    await succeed(cwd, 'merge', ...parts, ...to, '--out', 'merged', '--cpus', '2');
    await expectEqualFolders(cwd, 'merged', 'whole');
  }

  it('converts every layout to every other, and takes sharded sets', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, KEY_BODIES.weird);
    const args = ['--signature', plugIn, '--range', '7..5011', '--chunk', '300'];
    for (const layout of LAYOUTS) {
      await succeed(cwd, 'build', ...args, '--layout', layout, '--out', `whole-${layout}`);
      const folders = await buildParts(cwd, 2, [...args, '--layout', layout], join(layout, 'part'));
      await succeed(cwd, 'merge', ...folders, '--sharded', '--out', layout);
    }
    for (const from of LAYOUTS) {
      for (const to of LAYOUTS) {
        const chunk = to === 'job' ? ['--chunk', '300'] : [];
        await succeed(cwd, 'merge', from, '--layout', to, ...chunk, '--out', `${from}-${to}`);
        await expectEqualFolders(cwd, `${from}-${to}`, `whole-${to}`);
      }
    }
    const again = await runCommand(
      ['merge', 'single', '--layout', 'job', '--chunk', '300', '--out', 'single-job'],
      { cwd },
    );
    expect(again.stdout).toMatch(/^Nothing to do/);
  }, 300_000);

  it.each(['count', 'min', 'max', 'sum'])(
    'puts the results of --aggregate %s together, exactly',
    async (aggregate) => {
      const cwd = await createFolder();
      const plugIn = await writePlugIn(cwd, KEY_BODIES.skewed, WHOLE_VALUES);
      const args = ['--signature', plugIn, '--aggregate', aggregate, '--range', '3000', '--chunk', '250'];
      for (const layout of LAYOUTS)
        await succeed(cwd, 'build', ...args, '--layout', layout, '--out', `whole-${layout}`);
      for (const layout of LAYOUTS) {
        const parts = await buildParts(cwd, 3, [...args, '--layout', layout], `${layout}-part`);
        for (const to of layout === 'job' ? LAYOUTS : (['signature', 'single'] as const)) {
          await succeed(cwd, 'merge', ...parts, '--layout', to, '--out', `${layout}-${to}`);
          await expectEqualFolders(cwd, `${layout}-${to}`, `whole-${to}`);
        }
      }
      const parts = ['job-part-1', 'job-part-2', 'job-part-3', '--layout', 'job'];
      const wide = [...args.slice(0, -1), '500', '--layout', 'job', '--out', 'wide'];
      await succeed(cwd, 'build', ...wide);
      await succeed(cwd, 'merge', ...parts, '--chunk', '500', '--out', 'widened');
      await expectEqualFolders(cwd, 'widened', 'wide');
      await refuse(cwd, 2, `has one ${aggregate} for`, ...parts, '--chunk', '300', '--out', 'x');
    },
    600_000,
  );

  it('puts values of the built-in signature together as well', async () => {
    const cwd = await createFolder();
    for (const aggregate of ['count', 'sum']) {
      const args = ['--aggregate', aggregate, '--range', '9000'];
      await succeed(cwd, 'build', ...args, '--out', `${aggregate}-whole`);
      const parts = await buildParts(cwd, 2, args, aggregate);
      await succeed(cwd, 'merge', ...parts, '--out', `${aggregate}-merged`);
      await expectEqualFolders(cwd, `${aggregate}-merged`, `${aggregate}-whole`);
    }
  }, 120_000);

  it('lists more buckets than a manifest holds in a file of their own, with little memory', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, "return 'k' + m;");
    for (const aggregate of ['list', 'count']) {
      const args = ['--signature', plugIn, '--aggregate', aggregate, '--range', '210000', '--cpus', '1'];
      const single = ['--layout', 'single'];
      await succeed(cwd, 'build', ...args, ...single, '--out', `${aggregate}-whole`);
      expect(await listFiles(join(cwd, `${aggregate}-whole`))).toContain('buckets.jsonl');
      const parts = await buildParts(cwd, 2, [...args, ...single], aggregate);
      const memory = ['--max-memory', '130MB', '--cpus', '1'];
      await succeed(cwd, 'merge', ...parts, ...memory, '--out', `${aggregate}-merged`);
      await expectEqualFolders(cwd, `${aggregate}-merged`, `${aggregate}-whole`);
    }
  }, 300_000);
});

describe('a merge of table sets of a plug-in refuses', () => {
  it('results that cannot be put together, and leaves nothing of it', async () => {
    const cwd = await createFolder();
    const own = await writePlugIn(cwd, KEY_BODIES.few, WHOLE_VALUES);
    const more = await buildParts(
      cwd,
      2,
      ['--signature', own, '--aggregate', 'own', '--range', '2000'],
      'own',
    );
    await refuse(
      cwd,
      2,
      'the results of --aggregate own, which cannot be merged',
      ...more,
      '--out',
      'merged',
    );
  }, 60_000);

  it('sets of another signature, file, options or aggregate', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, KEY_BODIES.few);
    const [, first = ''] = await buildParts(cwd, 2, ['--signature', plugIn, '--range', '2000']);
    await succeed(cwd, 'build', '--range', '1000..2000', '--out', 'reduced');
    await succeed(
      cwd,
      'build',
      '--signature',
      plugIn,
      '--range',
      '1000..2000',
      '--aggregate',
      'count',
      '--out',
      'counts',
    );
    await writePlugIn(cwd, KEY_BODIES.few, '// another file');
    await succeed(cwd, 'build', '--signature', plugIn, '--range', '1000..2000', '--out', 'other');
    await refuse(cwd, 2, 'differ in their signatures:', first, 'reduced', '--out', 'x');
    await refuse(cwd, 2, "differ in their signatures' files:", first, 'other', '--out', 'x');
    await refuse(cwd, 2, 'differ in their aggregates:', first, 'counts', '--out', 'x');
    expect(await listFiles(cwd)).not.toContain('x');
  }, 60_000);

  it('a damaged file by name, and goes on once it is mended', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, KEY_BODIES.few);
    const args = ['--signature', plugIn, '--range', '3000'];
    await succeed(cwd, 'build', ...args, '--out', 'whole');
    const parts = await buildParts(cwd, 2, args);
    const path = join(cwd, 'part-2', '3.json');
    const sound = await readFile(path);
    for (const at of [0, 6, sound.length >> 1, sound.length - 1]) {
      const damaged = Buffer.from(sound);
      damaged[at]! ^= 2;
      await writeFile(path, damaged);
      await refuse(cwd, 3, 'part-2/3.json is damaged', ...parts, '--out', 'merged');
      expect(await listFiles(join(cwd, 'merged'))).not.toContain('manifest.json');
    }
    await writeFile(path, sound);
    await succeed(cwd, 'merge', ...parts, '--out', 'merged');
    await expectEqualFolders(cwd, 'merged', 'whole');
  }, 60_000);
});

describe('a merge of table sets of a plug-in that is cut off', () => {
  it.each([
    ['SIGINT', 'signature'],
    ['SIGKILL', 'job'],
    ['SIGKILL', 'single'],
  ] as const)(
    'by %s ends with the same bytes when it is run again (%s)',
    async (signal, layout) => {
      const cwd = await createFolder();
      const plugIn = await writePlugIn(cwd, KEY_BODIES.skewed);
      const args = ['--signature', plugIn, '--range', '60000', '--chunk', '5000'];
      await succeed(cwd, 'build', ...args, '--layout', layout, '--out', 'whole');
      const parts = await buildParts(cwd, 4, [...args, '--layout', 'single']);
      const chunk = layout === 'job' ? ['--chunk', '5000'] : [];
      const merge = ['merge', ...parts, '--layout', layout, ...chunk, '--out', 'merged', '--cpus', '1'];
      for (const pattern of [/ [1-9]\d*\/\d+ jobs/, /merging/]) {
        const running = startCommand([...merge, '--progress', 'plain', '--progress-interval', '0.1'], {
          cwd,
        });
        let said = '';
        running.stderr.on('data', (text: Buffer) => {
          said += text.toString();
          if (pattern.test(said)) running.kill(signal);
        });
        await running;
      }
      await succeed(cwd, ...merge);
      await expectEqualFolders(cwd, 'merged', 'whole');
    },
    120_000,
  );
});
