import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from './harness.js';
import { type Buckets, encodeTable, groupNumbers } from './literal-tables.js';
import { expectTableSet, layOutTables } from './table-set.js';

const END = 1_000_000;
const CHUNK = 70_000;
const RANGE = { start: 10n, end: BigInt(END) };

let buckets: Buckets<number>;

beforeAll(() => {
  buckets = groupNumbers(10, END);
});

async function buildTables(layout: string): Promise<string> {
  const args = ['--range', '1e6', '--layout', layout, '--chunk', String(CHUNK), '--out', 'tables'];
  const { exitCode, cwd } = await runCommand(['build', ...args]);
  expect(exitCode).toBe(0);
  return join(cwd, 'tables');
}

describe('every number below a million, once, under its signature, as the literal loop groups them', () => {
  test.each(['signature', 'single'] as const)('in the layout %s', async (layout) => {
    const folder = await buildTables(layout);
    await expectTableSet({ folder, ...RANGE, layout, buckets, tables: layOutTables(layout, buckets) });
  });

  test('in the layout job', async () => {
    const folder = await buildTables('job');
    const tables = layOutJobTables();
    expect([...tables.keys()].slice(0, 2)).toEqual(['0000010-0070000.json', '0070000-0140000.json']);
    await expectTableSet({ folder, ...RANGE, layout: 'job', chunk: BigInt(CHUNK), buckets, tables });
  });
});

test('any JSON reader takes the tables, and counts the same numbers', async () => {
  const folder = await buildTables('single');
  const table = JSON.parse(await readFile(join(folder, 'table.json'), 'utf8')) as Record<string, number[]>;
  const numbers = Object.values(table).flat();
  expect(numbers).toHaveLength(END - 10);
  expect(new Set(numbers).size).toBe(END - 10);
  expect(table['1667']).toEqual(buckets.get('1667') ?? 'absent');
});

function layOutJobTables(): ReadonlyMap<string, string> {
  const pad = (n: number): string => String(n).padStart(String(END).length, '0');
  const tables = new Map<string, string>();
  for (let cell = 0; cell < END; cell += CHUNK) {
    const [start, end] = [Math.max(10, cell), Math.min(END, cell + CHUNK)];
    tables.set(`${pad(start)}-${pad(end)}.json`, encodeTable(groupNumbers(start, end)));
  }
  return tables;
}
