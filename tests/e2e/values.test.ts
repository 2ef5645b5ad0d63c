import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { closedForm, openTables, SigtablesError, type JsonValue, type LayoutName } from '../../src/index.js';
import { createFolder, runCommand, type CommandResult } from './harness.js';

/** Keys that need escaping, values above 2^53, and an aggregate of its own. */
const SIGNATURE = `export default {
  name: 'fifths', version: '1',
  keyOf: (n) => ['a', 'b"\\\\', 'é\\n', '', null][n % 5],
  valueOf: (n) => BigInt(n) * 10n ** 14n,
  aggregates: {
    ends: {
      init: () => [], add: ([first], n, value) => [first ?? n, value], merge: (a, b) => [a[0], b[1]],
      finish: ([first, last]) => ({ first, 'the "last"': last }),
    },
  },
};`;
const KEYS = ['a', 'b"\\', 'é\n', ''];
const NUMBERS = 2000;

function expectedOf(aggregate: string, residue: number): JsonValue {
  const numbers = Array.from({ length: NUMBERS / 5 }, (_, i) => 5 * i + residue);
  const values = numbers.map((n) => BigInt(n) * 10n ** 14n);
  const exact = (n: bigint): JsonValue => (n > Number.MAX_SAFE_INTEGER ? n : Number(n));
  const of: Readonly<Record<string, JsonValue>> = {
    count: numbers.length,
    sum: exact(values.reduce((sum, value) => sum + value)),
    min: exact(values[0] ?? 0n),
    max: exact(values.at(-1) ?? 0n),
    ends: { first: residue, 'the "last"': exact(values.at(-1) ?? 0n) },
  };
  return of[aggregate] ?? null;
}

let cwd = '';

async function build(out: string, ...args: string[]): Promise<string> {
  const { stderr, exitCode } = await runCommand(
    ['build', ...args, '--out', out, '--cpus', '2', '--no-sync', '-q'],
    { cwd },
  );
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return join(cwd, out);
}

function run(...args: string[]): Promise<CommandResult> {
  return runCommand(args, { cwd });
}

async function print(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await run(...args);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout;
}

async function refuse(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await run(...args);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  return stderr;
}

beforeAll(async () => {
  cwd = await createFolder();
  await writeFile(join(cwd, 'fifths.mjs'), SIGNATURE);
});

const AGGREGATES = ['count', 'sum', 'min', 'max', 'ends'];
const SETS = AGGREGATES.flatMap((aggregate) =>
  (['signature', 'single'] as const).map((layout) => ({ aggregate, layout })),
);

test.each(SETS)(
  'the $aggregate in the layout $layout reads as it was made',
  async ({ aggregate, layout }) => {
    const out = `${aggregate}-${layout}`;
    const args = ['--signature', './fifths.mjs', '--range', String(NUMBERS), '--chunk', '300'];
    const folder = await build(out, ...args, '--aggregate', aggregate, '--layout', layout);
    const tables = await openTables(folder);
    expect(tables.aggregate).toBe(aggregate);
    expect(tables.signatures()).toEqual(KEYS);
    for (const [residue, key] of KEYS.entries()) {
      expect(tables.value(key)).toEqual(expectedOf(aggregate, residue));
      expect(tables.count(key)).toBe(NUMBERS / 5);
      expect(await print('lookup', key, '--tables', out)).toBe(`${tables.valueText(key)}\n`);
    }
    expect(tables.value('nope')).toBeUndefined();
    expect(tables.valueText('nope')).toBeUndefined();
    tables.close();
    expect(() => tables.value('a')).toThrow('are closed');
    const text = await print('lookup', 'a', '--tables', out, '--json');
    expect(text).toMatch(/"value":.*\}\n$/);
    expect(JSON.parse(text)).toMatchObject({ command: 'lookup', signature: 'a', count: '400', aggregate });
    expect(await print('lookup', 'a', '--tables', out, '--aggregate', 'count').catch(() => 'refused')).toBe(
      aggregate === 'count' ? '400\n' : 'refused',
    );
  },
);

test.each(['signature', 'single', 'job'] as const)(
  'a count in the layout %s is no list of numbers',
  async (layout) => {
    const out = `no-list-${layout}`;
    const folder = await build(
      out,
      '--range',
      '20000',
      '--chunk',
      '7000',
      '--aggregate',
      'count',
      '--layout',
      layout,
    );
    const tables = await openTables(folder);
    const attempts = [
      () => tables.at('1667', 0),
      () => tables.indexOf(1234),
      () => tables.has(1234),
      () => tables.find(1234),
    ];
    for (const attempt of attempts) {
      expect(attempt).toThrow(SigtablesError);
      expect(attempt).toThrow(/holds counts \(--aggregate count\), not lists of numbers: use value\(\)/);
    }
    for (const stream of [tables.members('0312'), tables.readText('0312')]) {
      await expect(stream.next()).rejects.toMatchObject({ code: 'USAGE' });
    }
    expect(tables.signatureOf(1234)).toBe(closedForm(20000).signatureOf(1234));
    expect(await refuse('find', '1234', '--tables', out)).toContain('holds counts');
    for (const flags of [
      ['--at', '0'],
      ['--from', '1'],
      ['--limit', '1'],
      ['--aggregate', 'sum'],
    ]) {
      expect(await refuse('lookup', '0312', '--tables', out, ...flags)).toContain(`${flags[0]} `);
    }
    const counted = closedForm(20000).count('0312');
    expect(await print('lookup', '0312', '--tables', out, '--count')).toBe(`${counted}\n`);
    if (layout === 'job') {
      expect(() => tables.value('0312')).toThrow(
        /a value of 0312 for each job, in the files from 00010-07000\.json to 07000-14000\.json/,
      );
      expect(() => tables.value('0312')).toThrow(SigtablesError);
    } else {
      for (const key of tables.signatures()) expect(tables.value(key)).toBe(closedForm(20000).count(key));
    }
    tables.close();
  },
);

test('lists have no value', async () => {
  const tables = await openTables(await build('lists', '--range', '2000'));
  expect(tables.aggregate).toBeUndefined();
  expect(() => tables.value('0312')).toThrow(/holds lists of numbers, not values: use members\(\)/);
  tables.close();
});

test('a changed byte of a value, its key or a separator is refused', async () => {
  const folder = await build('damaged', '--range', '1000', '--aggregate', 'count', '--layout', 'single');
  const path = join(folder, 'table.json');
  const good = await readFile(path);
  const expected = JSON.parse(good.toString()) as Record<string, number>;
  const keys = Object.keys(expected);
  for (let at = 0; at < good.length; at += 1 + (at % 40)) {
    const bad = Buffer.from(good);
    bad[at] = bad[at] === 0x31 ? 0x32 : 0x31;
    await writeFile(path, bad);
    const tables = await openTables(folder);
    let refused = 0;
    for (const key of keys) {
      try {
        expect(tables.value(key)).toBe(expected[key]);
      } catch (error) {
        expect(error).toMatchObject({ code: 'TABLES' });
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(0);
    tables.close();
  }
  await writeFile(path, good);
});

const LISTS: readonly LayoutName[] = ['signature', 'single', 'job'];

test.each(LISTS)(
  'lookup --aggregate takes it of the lists in the layout %s, and of parts of them',
  async (layout) => {
    const out = `of-${layout}`;
    await build(out, '--range', '100000', '--layout', layout, '--chunk', '30000');
    const members = [...closedForm(100000).members('1667')].map(BigInt);
    for (const source of [
      ['--tables', out],
      ['--range', '1e5'],
    ]) {
      for (const [from, limit] of [
        [0, undefined],
        [3, undefined],
        [2, 5],
        [0, 1],
      ] as const) {
        const part = members.slice(from, limit === undefined ? undefined : from + limit);
        const flags = [
          ...(from > 0 ? ['--from', String(from)] : []),
          ...(limit === undefined ? [] : ['--limit', String(limit)]),
        ];
        const lookup = (name: string) => print('lookup', '1667', ...source, ...flags, '--aggregate', name);
        expect(await lookup('count')).toBe(`${part.length}\n`);
        expect(await lookup('sum')).toBe(`${part.reduce((sum, n) => sum + n)}\n`);
        expect(await lookup('min')).toBe(`${part[0]}\n`);
        expect(await lookup('max')).toBe(`${part.at(-1)}\n`);
      }
    }
  },
);

test('sums and bounds are exact at any size, and JSON too', async () => {
  const source = ['--range', '1e30..1e30+1e6'];
  const members = [...closedForm('1e30..1e30+1e6').members('1567')].map(BigInt);
  const sum = members.reduce((total, n) => total + n);
  expect(await print('lookup', '1567', ...source, '--aggregate', 'sum')).toBe(`${sum}\n`);
  expect(await print('lookup', '1567', ...source, '--aggregate', 'max', '--json')).toBe(
    `{"schemaVersion":1,"command":"lookup","signature":"1567","count":"${members.length}","from":"0","limit":"${members.length}","aggregate":"max","value":${members.at(-1)}}\n`,
  );
});

test('what --aggregate has no answer to is refused', async () => {
  const lookup = ['lookup', '1667', '--range', '1e6', '--aggregate'];
  expect(await refuse(...lookup, 'median')).toContain(
    '--aggregate "median" is unknown: expected one of count, sum, min, max',
  );
  expect(await refuse(...lookup, 'sum', '--count')).toContain('--aggregate and --count exclude each other');
  expect(await refuse(...lookup, 'sum', '--at', '1')).toContain('--aggregate and --at exclude each other');
  expect(await refuse(...lookup, 'min', '--limit', '0')).toContain(
    '--limit 0 leaves no number to take the min of',
  );
  expect(await refuse(...lookup, 'min', '--from', '1e6')).toContain('--from 1000000 is out of bounds');
  expect(await print(...lookup, 'sum', '--limit', '0')).toBe('0\n');
  expect(await print(...lookup, 'count', '--limit', '0')).toBe('0\n');
  const { stdout } = await runCommand(['lookup', '1667', '--range', '1e6', '--limit', '1'], {
    env: { SIGTABLES_AGGREGATE: 'sum' },
  });
  expect(stdout).toBe(`${closedForm(1e6).at('1667', 0)}\n`);
});
