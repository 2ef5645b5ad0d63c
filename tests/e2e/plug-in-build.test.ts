import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Manifest } from '../../src/index.js';
import { createFolder, hashFolder, runCommand, startCommand } from './harness.js';
import { groupByBody, KEY_BODIES, layOutAny, writePlugIn, type KeyBody } from './plug-ins.js';
import { interruptBuild } from './running-build.js';
import { listFiles } from './snapshot.js';

const LAYOUTS = ['signature', 'job', 'single'] as const;
const STARTS = [0n, 95n, 99_990n, 2n ** 53n - 300n, 10n ** 20n - 77n];

async function readManifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
}

async function buildOk(cwd: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand(['build', ...args, '-q'], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
}

describe('a build through the spool', () => {
  test('gives what a brute-force grouping gives: any keys, layout, chunk, CPUs, memory', async () => {
    const builds = fc.record({
      keys: fc.constantFrom(...(Object.keys(KEY_BODIES) as KeyBody[])),
      layout: fc.constantFrom(...LAYOUTS),
      start: fc.constantFrom(...STARTS),
      size: fc.integer({ min: 1, max: 2500 }),
      chunk: fc.integer({ min: 50, max: 3000 }),
      cpus: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(fc.asyncProperty(builds, expectBruteForce), { numRuns: 30 });
  }, 300_000);

  async function expectBruteForce(build: {
    keys: KeyBody;
    layout: (typeof LAYOUTS)[number];
    start: bigint;
    size: number;
    chunk: number;
    cpus: number;
  }): Promise<void> {
    const cwd = await createFolder();
    const body = KEY_BODIES[build.keys];
    const [start, end] = [build.start, build.start + BigInt(build.size)];
    const plugIn = await writePlugIn(cwd, body);
    const size = [
      '--range',
      `${start}..${end}`,
      '--chunk',
      String(build.chunk),
      '--cpus',
      String(build.cpus),
    ];
    await buildOk(cwd, ['--signature', plugIn, ...size, '--layout', build.layout, '--no-sync']);
    const folder = join(cwd, 'tables');
    const manifest = await readManifestOf(folder);
    const expected = layOutAny(build.layout, body, { start, end, chunk: BigInt(build.chunk) });
    const texts = await Promise.all(
      manifest.files.map(async ({ file }) => readFile(join(folder, file), 'utf8')),
    );
    expect(texts).toEqual(expected);
    expect(manifest.files.map(({ crc32: crc }) => crc)).toEqual(
      expected.map((text) => crc32(text).toString(16).padStart(8, '0')),
    );
    const buckets = groupByBody(body, start, end);
    expect(
      manifest.buckets.map(({ key, count, first, last }) => [
        key,
        String(count),
        String(first),
        String(last),
      ]),
    ).toEqual([...buckets].map(([key, numbers]) => [key, ...describe3(numbers)]));
    for (const { key, file, offset = 0, bytes } of manifest.buckets) {
      if (file === undefined) continue;
      const text = await readFile(join(folder, file));
      const array = text.subarray(Number(offset), Number(offset) + Number(bytes)).toString();
      expect(array).toBe(`[${(buckets.get(key) ?? []).join(',')}]`);
    }
    expect((await listFiles(folder)).sort()).toEqual(
      [...manifest.files.map(({ file }) => file), 'manifest.json'].sort(),
    );
    await rm(cwd, { recursive: true, force: true });
  }

  function describe3(numbers: readonly bigint[]): string[] {
    return [String(numbers.length), String(numbers[0]), String(numbers.at(-1))];
  }

  test.each(LAYOUTS)(
    'is the same whatever the CPUs, the memory and the interruptions (layout %s)',
    async (layout) => {
      const cwd = await createFolder();
      const plugIn = await writePlugIn(cwd, 'return String(m % 971);');
      const args = ['--signature', plugIn, '--range', '600000', '--layout', layout, '--chunk', '20000'];
      await buildOk(cwd, [...args, '--cpus', '1', '--out', 'undisturbed']);
      const expected = await hashFolder(join(cwd, 'undisturbed'));
      const disturbed = [...args, '--cpus', '3', '--max-memory', '300MB', '--out', 'disturbed'];
      let interruptions = 0;
      for (const signal of ['SIGINT', 'SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
        if ((await interruptBuild(disturbed, cwd, signal)).isInterrupted) interruptions += 1;
      }
      await buildOk(cwd, disturbed);
      expect(interruptions).toBeGreaterThan(0);
      expect(await hashFolder(join(cwd, 'disturbed'))).toEqual(expected);
      expect((await listFiles(join(cwd, 'disturbed'))).filter((name) => name.startsWith('.build'))).toEqual(
        [],
      );
    },
  );

  test('killed at random places it ends with the same bytes', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, 'return m % 3 ? m % 2003 : null;');
    const args = [
      '--signature',
      plugIn,
      '--range',
      '400000',
      '--chunk',
      '10000',
      '--cpus',
      '2',
      '--out',
      'out',
    ];
    const startedAt = performance.now();
    await buildOk(cwd, [...args.slice(0, -1), 'undisturbed']);
    const undisturbedMs = performance.now() - startedAt;
    const expected = await hashFolder(join(cwd, 'undisturbed'));
    let kills = 0;
    for (let round = 0; round < 10; round++) {
      const running = startCommand(['build', ...args, '-q'], { cwd });
      await sleep(undisturbedMs * Math.random());
      running.kill('SIGKILL');
      const { signal } = await running;
      if (signal === 'SIGKILL') kills += 1;
      if (round % 3 < 2) continue;
      await buildOk(cwd, args);
      expect(await hashFolder(join(cwd, 'out'))).toEqual(expected);
      await rm(join(cwd, 'out'), { recursive: true });
    }
    expect(kills).toBeGreaterThan(0);
  });
});

describe('an aggregate', () => {
  it.each([
    ['count', (numbers: readonly bigint[]) => String(numbers.length)],
    ['sum', (numbers: readonly bigint[]) => String(numbers.reduce((sum, n) => sum + n, 0n))],
    ['min', (numbers: readonly bigint[]) => String(numbers[0])],
    ['max', (numbers: readonly bigint[]) => String(numbers.at(-1))],
  ])('%s of a plug-in is that of the brute force, in every layout', async (aggregate, reduce) => {
    const cwd = await createFolder();
    const body = KEY_BODIES.skewed;
    const plugIn = await writePlugIn(cwd, body);
    const start = 2n ** 53n - 5000n;
    const end = start + 10_000n;
    const encode = (from: bigint, to: bigint): string =>
      `{${[...groupByBody(body, from, to)].map(([key, numbers]) => `"${key}":${reduce(numbers)}`).join(',')}}`;
    const args = [
      '--signature',
      plugIn,
      '--range',
      `${start}..${end}`,
      '--chunk',
      '1700',
      '--aggregate',
      aggregate,
    ];
    await buildOk(cwd, [...args, '--layout', 'single', '--out', 'single']);
    expect(await readFile(join(cwd, 'single', 'table.json'), 'utf8')).toBe(encode(start, end));
    await buildOk(cwd, [...args, '--layout', 'signature', '--out', 'signature']);
    const [first] = (await readManifestOf(join(cwd, 'signature'))).files;
    expect(encode(start, end)).toContain(
      (await readFile(join(cwd, 'signature', first?.file ?? ''), 'utf8')).slice(1, -1),
    );
    await buildOk(cwd, [...args, '--layout', 'job', '--out', 'job']);
    const names = (await readManifestOf(join(cwd, 'job'))).files.map(({ file }) => file);
    for (const name of names) {
      const [from = '', to = ''] = name.replace('.json', '').split('-');
      expect(await readFile(join(cwd, 'job', name), 'utf8')).toBe(encode(BigInt(from), BigInt(to)));
    }
  });

  it('of fractions is the same for any number of CPUs', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, 'return m % 3;', 'valueOf(n) { return 1 / (Number(n) + 0.1); },');
    const args = [
      '--signature',
      plugIn,
      '--range',
      '300000',
      '--aggregate',
      'sum',
      '--layout',
      'single',
      '--chunk',
      '7000',
    ];
    for (const cpus of ['1', '2', '3']) await buildOk(cwd, [...args, '--cpus', cpus, '--out', cpus]);
    const [one, two, three] = await Promise.all(['1', '2', '3'].map((cpus) => hashFolder(join(cwd, cpus))));
    expect(two).toEqual(one);
    expect(three).toEqual(one);
    const table = JSON.parse(await readFile(join(cwd, '1', 'table.json'), 'utf8')) as Record<string, number>;
    let sum = 0;
    for (let n = 0; n < 300_000; n += 3) sum += 1 / (n + 0.1);
    expect(table['0']).toBeCloseTo(sum, 10);
  });

  it('of the module itself is merged in order', async () => {
    const cwd = await createFolder();
    const own = `aggregates: { ends: {
      init: () => [], add: (part, n) => part.length === 0 ? [n, n] : [part[0], n],
      merge: (a, b) => a.length === 0 ? b : b.length === 0 ? a : [a[0], b[1]], finish: (part) => ({ from: part[0], to: part[1] }),
    } },`;
    const plugIn = await writePlugIn(cwd, 'return m % 4;', own);
    const args = [
      '--signature',
      plugIn,
      '--range',
      '1000',
      '--chunk',
      '90',
      '--aggregate',
      'ends',
      '--layout',
      'single',
    ];
    await buildOk(cwd, args);
    expect(JSON.parse(await readFile(join(cwd, 'tables', 'table.json'), 'utf8'))).toEqual({
      0: { from: 0, to: 996 },
      1: { from: 1, to: 997 },
      2: { from: 2, to: 998 },
      3: { from: 3, to: 999 },
    });
  });

  it('that the closed form knows is there at once, at any size', async () => {
    const cwd = await createFolder();
    await buildOk(cwd, ['--range', '1e100', '--aggregate', 'count', '--layout', 'single']);
    const text = await readFile(join(cwd, 'tables', 'table.json'), 'utf8');
    expect(text).toContain('"1667":1569699964747155780,');
    expect((await runCommand(['verify', 'tables', '-q'], { cwd })).exitCode).toBe(0);
    const counts = [...text.matchAll(/:(\d+)/g)].map(([, digits = '']) => BigInt(digits));
    expect(counts.reduce((sum, count) => sum + count, 0n)).toBe(10n ** 100n - 10n);
  });

  it('by the closed form is what the spool gives', async () => {
    const cwd = await createFolder();
    for (const aggregate of ['count', 'min', 'max']) {
      const args = ['--range', '95..34567', '--aggregate', aggregate];
      await buildOk(cwd, [...args, '--layout', 'single', '--out', `${aggregate}-single`]);
      // One job: the table that it has by grouping its numbers.
      await buildOk(cwd, [...args, '--layout', 'job', '--chunk', '1e6', '--out', `${aggregate}-job`]);
      const [closed, grouped] = await Promise.all([
        readFile(join(cwd, `${aggregate}-single`, 'table.json'), 'utf8'),
        readFile(join(cwd, `${aggregate}-job`, '00095-34567.json'), 'utf8'),
      ]);
      expect(closed).toBe(grouped);
    }
  });
});

describe('a plug-in that fails', () => {
  it.each([
    [
      "if (n === 12345) throw new Error('no good'); return 1;",
      /keyOf threw at 12345: Error: no good; finished jobs are kept/,
    ],
    [
      'return n === 12345 ? undefined : 1;',
      /keyOf gave undefined for 12345, not a text, a finite number or null/,
    ],
    ['return n === 12345 ? NaN : 1;', /keyOf gave NaN for 12345/],
    ['return n === 12345 ? { a: 1 } : 1;', /keyOf gave an object for 12345/],
    [
      'if (n === 12345) process.exit(0); return 1;',
      /keyOf threw at 12345: Error: process\.exit\(\) was called; finished jobs are kept/,
    ],
    [
      'if (n === 12345) for (;;); return 1;',
      /job 2: it took longer than the 2 s of --job-timeout, and was at 12345;/,
    ],
  ])('%s', async (body, message) => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, body);
    const args = [
      'build',
      '--signature',
      plugIn,
      '--range',
      '40000',
      '--chunk',
      '5000',
      '--job-timeout',
      '2',
    ];
    const { exitCode, stderr, stdout } = await runCommand([...args, '--cpus', '2', '--progress', 'none'], {
      cwd,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' });
    const lines = stderr.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(message);
    expect(lines.slice(0, -1).every((line) => line.includes('job 2 is tried again: its worker died'))).toBe(
      true,
    );
    const journal = await readFile(join(cwd, 'tables', '.build', 'journal'), 'utf8');
    expect(journal).toContain('"checkpoint"');
  });

  it('that fills the memory is ended, and the number is named', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(
      cwd,
      'if (n === 12345) { const kept = []; for (;;) kept.push([n, { n }]); } return 1;',
    );
    const args = [
      'build',
      '--signature',
      plugIn,
      '--range',
      '40000',
      '--max-memory',
      '200MB',
      '--retries',
      '0',
    ];
    const { exitCode, stderr } = await runCommand([...args, '--cpus', '1', '--progress', 'none'], { cwd });
    expect(stderr).toMatch(/its worker died at 12345 .*memory/);
    expect(exitCode).toBe(7);
  });

  it('may be tried again', async () => {
    const cwd = await createFolder();
    const marker = JSON.stringify(join(cwd, 'failed-once'));
    const body = `if (n === 100 && !fs.existsSync(${marker})) { fs.writeFileSync(${marker}, ''); throw new Error('once'); } return 1;`;
    const plugIn = await writePlugIn(cwd, body);
    await writeFile(plugIn, `import fs from 'node:fs';\n${await readFile(plugIn, 'utf8')}`);
    const args = ['build', '--signature', plugIn, '--range', '1000', '--retries', '1', '--progress', 'none'];
    const { exitCode, stderr } = await runCommand(args, { cwd });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringMatching(/^sigtables: job 0 is tried again: keyOf threw at 100: Error: once\n$/),
    });
  });
});

describe('another plug-in in the same folder', () => {
  it('is another plan: refused, and nothing is touched', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, 'return m % 3;');
    const args = ['build', '--signature', plugIn, '--range', '1000', '-q'];
    expect((await runCommand(args, { cwd })).exitCode).toBe(0);
    const before = await hashFolder(join(cwd, 'tables'));
    const again = await runCommand(args.slice(0, -1), { cwd });
    expect(again.stdout).toContain('Nothing to do');
    await writePlugIn(cwd, 'return m % 4;');
    const { exitCode, stderr } = await runCommand(args, { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('--force') });
    expect(await hashFolder(join(cwd, 'tables'))).toEqual(before);
    expect((await runCommand([...args, '--force'], { cwd })).exitCode).toBe(0);
    expect(Object.keys(await hashFolder(join(cwd, 'tables')))).toEqual([
      '0.json',
      '1.json',
      '2.json',
      '3.json',
      'manifest.json',
    ]);
  });

  it('a file of others in the way of a key is not overwritten', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, 'return m % 3;');
    await runCommand(['build', '--signature', plugIn, '--range', '10', '-q'], { cwd });
    await rm(join(cwd, 'tables'), { recursive: true });
    await runCommand(['build', '--range', '100', '-q'], { cwd });
    await rm(join(cwd, 'tables', 'manifest.json'));
    await writeFile(join(cwd, 'tables', '1.json'), 'mine');
    const { exitCode, stderr } = await runCommand(
      ['build', '--signature', plugIn, '--range', '10', '-q', '--force'],
      { cwd },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('1.json') });
    expect(await readFile(join(cwd, 'tables', '1.json'), 'utf8')).toBe('mine');
  });

  it('too many keys for the layout signature are refused with advice', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, 'return m;');
    const { exitCode, stderr } = await runCommand(
      ['build', '--signature', plugIn, '--range', '150000', '-q'],
      { cwd },
    );
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('use --layout single'),
    });
  });
});

/** The closed form of `parity`, by going through the numbers: short and slow. */
const PARITY_FORM = `closedForm: (() => {
  const keyOf = (n) => (n % 2n === 0n ? 'even' : 'odd');
  const list = ({ start, end }) => Array.from({ length: Number(end - start) }, (_, i) => start + BigInt(i));
  const tallyWithin = (range) => {
    const of = (key) => list(range).filter((n) => keyOf(n) === key);
    return {
      count: (key) => BigInt(of(key).length),
      bytes: (key) => of(key).reduce((sum, n) => sum + BigInt(String(n).length + 1), 0n),
    };
  };
  const firstMembers = (range) => {
    const firsts = new Map();
    for (const n of list(range)) if (!firsts.has(keyOf(n))) firsts.set(keyOf(n), n);
    return [...firsts].map(([key, number]) => ({ key, number }));
  };
  return {
    tally: (n) => tallyWithin({ start: 0n, end: n }),
    rank: (key, n) => tallyWithin({ start: 0n, end: n }).count(key),
    select: (key, index) => 2n * index + (key === 'odd' ? 1n : 0n),
    tallyWithin,
    firstMembers,
    bucketSizes: (range) => firstMembers(range).map(({ key }) => ({ key, bytes: tallyWithin(range).bytes(key) })),
    lastMembers: (range) => {
      const lasts = new Map(list(range).map((n) => [keyOf(n), n]));
      return [...lasts].map(([key, number]) => ({ key, number }));
    },
    measureJobKeys: (jobs) => {
      let [keys, bytes] = [0n, 0n];
      for (let job = 0n; job < jobs.count; job++) {
        for (const { key } of firstMembers(jobs.at(job))) {
          keys += 1n;
          bytes += BigInt(JSON.stringify(key).length);
        }
      }
      return { keys, bytes };
    },
  };
})(),`;

describe('a plug-in with a closed form', () => {
  it.each(LAYOUTS)('gets its fragments placed directly, with the same bytes (layout %s)', async (layout) => {
    const cwd = await createFolder();
    const body = "return m % 2 === 0 ? 'even' : 'odd';";
    const args = ['--range', '95..2105', '--chunk', '300', '--layout', layout];
    await buildOk(cwd, [...args, '--signature', await writePlugIn(cwd, body), '--out', 'spooled']);
    await buildOk(cwd, [
      ...args,
      '--signature',
      await writePlugIn(cwd, body, PARITY_FORM),
      '--out',
      'placed',
    ]);
    const [spooled, placed] = await Promise.all(
      ['spooled', 'placed'].map((out) => hashFolder(join(cwd, out))),
    );
    const tables = (hashes: Record<string, string> = {}): object => ({ ...hashes, 'manifest.json': '' });
    expect(tables(placed)).toEqual(tables(spooled));
    const planned = await runCommand(['plan', ...args, '--signature', join(cwd, 'plug-in.mjs'), '--json'], {
      cwd,
    });
    expect(JSON.parse(planned.stdout)).toMatchObject({ signatures: '2' });
  });

  it('counts without going through the numbers', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, "throw new Error('asked');", PARITY_FORM);
    await buildOk(cwd, [
      '--signature',
      plugIn,
      '--range',
      '1001',
      '--aggregate',
      'count',
      '--layout',
      'single',
    ]);
    expect(await readFile(join(cwd, 'tables', 'table.json'), 'utf8')).toBe('{"even":501,"odd":500}');
  });
});

test('numbers from 0 on are read back', async () => {
  const cwd = await createFolder();
  await buildOk(cwd, ['--signature', await writePlugIn(cwd, 'return m % 7;'), '--range', '100']);
  const { stdout, exitCode } = await runCommand(['lookup', '0', '--limit', '3'], { cwd });
  expect({ stdout, exitCode }).toEqual({ stdout: '0\n7\n14\n', exitCode: 0 });
});
