import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFolder, hashFolder, runCommand } from './harness.js';
import { encodeTable, groupBigints } from './literal-tables.js';
import { interruptBuild } from './running-build.js';
import { type ExpectedSet, expectTableSet, layOutTables } from './table-set.js';

type Layout = ExpectedSet['layout'];
interface Build {
  readonly start: bigint;
  readonly end: bigint;
  readonly layout: Layout;
  readonly chunk: bigint;
  readonly cpus: number;
}

const LAYOUTS = ['signature', 'job', 'single'] as const;
/** Where digits, widths and number formats change. */
const LANDMARKS = [10n, 100n, 1000n, 2000n, 99_950n, 10n ** 9n, 2n ** 53n, 10n ** 18n, 2n ** 64n, 10n ** 30n];

async function buildInto(cwd: string, args: readonly string[]): Promise<Record<string, string>> {
  const { exitCode, stderr } = await runCommand(['build', ...args, '--out', 'tables', '-q'], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return hashFolder(join(cwd, 'tables'));
}

async function expectLiteralTables({ start, end, layout, chunk, cpus }: Build): Promise<void> {
  const cwd = await createFolder();
  const size = [
    '--range',
    `${String(start)}..${String(end)}`,
    '--chunk',
    String(chunk),
    '--cpus',
    String(cpus),
  ];
  await buildInto(cwd, [...size, '--layout', layout, '--no-sync']);
  const buckets = groupBigints(start, end);
  const tables = layout === 'job' ? layOutJobs(start, end, chunk) : layOutTables(layout, buckets);
  const expected = { folder: join(cwd, 'tables'), start, end, layout, buckets, tables };
  await expectTableSet(layout === 'job' ? { ...expected, chunk } : expected);
}

function layOutJobs(start: bigint, end: bigint, chunk: bigint): ReadonlyMap<string, string> {
  const pad = (n: bigint): string => String(n).padStart(String(end).length, '0');
  const tables = new Map<string, string>();
  for (let from = start; from < end;) {
    const cellEnd = (from / chunk + 1n) * chunk;
    const to = cellEnd < end ? cellEnd : end;
    tables.set(`${pad(from)}-${pad(to)}.json`, encodeTable(groupBigints(from, to)));
    from = to;
  }
  return tables;
}

describe('odd ranges are what the literal loop gives', () => {
  const ranges: [string, bigint, bigint][] = [
    ['the first number', 10n, 11n],
    ['one number in the middle of nowhere', 12_345_678_901n, 12_345_678_902n],
    ['10..2000', 10n, 2000n],
    ['across two powers of ten', 97n, 1003n],
    ['across 2^53', 2n ** 53n - 411n, 2n ** 53n + 389n],
    ['across 10^18', 10n ** 18n - 434n, 10n ** 18n + 567n],
    ['across 10^30', 10n ** 30n - 277n, 10n ** 30n + 301n],
  ];
  test.each(ranges)('%s', async (_name, start, end) => {
    for (const layout of LAYOUTS) await expectLiteralTables({ start, end, layout, chunk: 130n, cpus: 2 });
  });

  test('any range, chunk, layout and number of CPUs', async () => {
    await fc.assert(fc.asyncProperty(arbitraryBuild(), expectLiteralTables), { numRuns: 10 });
  });
});

function arbitraryBuild(): fc.Arbitrary<Build> {
  const parts = fc.record({
    landmark: fc.constantFrom(...LANDMARKS),
    below: fc.bigInt(0n, 1500n),
    size: fc.bigInt(1n, 3000n),
    layout: fc.constantFrom(...LAYOUTS),
    jobs: fc.bigInt(1n, 40n),
    cpus: fc.integer({ min: 1, max: 4 }),
  });
  return parts.map(({ landmark, below, size, layout, jobs, cpus }) => {
    const start = landmark - below < 10n ? 10n : landmark - below;
    return { start, end: start + size, layout, chunk: size / jobs + 1n, cpus };
  });
}

describe('the same bytes in every file, the manifest included', () => {
  const range = ['--range', '31_234..181_217'];

  test.each(['signature', 'single'])('whatever CPUs and chunk, in the layout %s', async (layout) => {
    const build = async (...args: string[]): Promise<unknown> =>
      buildInto(await createFolder(), [...range, '--layout', layout, ...args]);
    const plain = await build();
    expect(await build('--cpus', '1', '--chunk', '1e9')).toEqual(plain);
    expect(await build('--cpus', '3', '--chunk', '777', '--no-sync')).toEqual(plain);
    expect(await build('--cpus', '50%', '--chunk', '100_001', '--no-sync')).toEqual(plain);
  });

  test('whatever CPUs, in the layout job', async () => {
    const build = async (...args: string[]): Promise<unknown> =>
      buildInto(await createFolder(), [...range, '--layout', 'job', '--chunk', '7001', ...args]);
    const plain = await build();
    expect(await build('--cpus', '1')).toEqual(plain);
    expect(await build('--cpus', '5', '--no-sync')).toEqual(plain);
  });
});

describe('however often a build is interrupted', () => {
  const plans: [Layout, string][] = [
    ['signature', '20_000'],
    ['job', '10_000'],
    ['single', '10_000'],
  ];
  test.each(plans)('in the layout %s', async (layout, chunk) => {
    const args = ['--range', '4e6', '--layout', layout, '--chunk', chunk, '--no-sync'];
    const plain = await buildInto(await createFolder(), args);
    const cwd = await createFolder();
    const signals = ['SIGINT', 'SIGKILL', 'SIGTERM', 'SIGKILL'] as const;
    let interruptions = 0;
    for (const signal of signals) {
      const { isInterrupted } = await interruptBuild([...args, '--out', 'tables'], cwd, signal);
      if (!isInterrupted) break;
      interruptions += 1;
    }
    expect(interruptions).toBeGreaterThanOrEqual(2);
    expect(await buildInto(cwd, args)).toEqual(plain);
  });
});
