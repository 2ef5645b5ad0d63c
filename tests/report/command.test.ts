import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { closedForm } from '../../src/signatures/closed-form.js';
import { createFolder, runCommand } from '../e2e/harness.js';
import { buildSet, readData, readReport } from './fixtures.js';

const MAX_BYTES = 700_000;

describe('sigtables report', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await buildSet('--range', '1e5');
  });

  test('writes report.html and says so', async () => {
    const { stdout, stderr, exitCode } = await runCommand(['report'], { cwd });
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toMatch(/^Wrote report\.html \(\d+ kB\)\n$/);
    expect(await readFile(join(cwd, 'report.html'), 'utf8')).toContain('99,990 numbers in');
  });

  test('takes a folder and a file, makes folders, and prints JSON', async () => {
    const args = ['report', join(cwd, 'tables'), '--out', 'a/b/c.html', '--json'];
    const { stdout, cwd: elsewhere } = await runCommand(args);
    const { length } = await readFile(join(elsewhere, 'a/b/c.html'));
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      command: 'report',
      out: 'a/b/c.html',
      bytes: length,
    });
  });

  test('replaces an earlier report with the same bytes', async () => {
    expect(await readReport(cwd)).toBe(await readReport(cwd));
  });

  test('leaves a file that is no report as it is', async () => {
    const table = join(cwd, 'tables', '1667.json');
    const before = await readFile(table, 'utf8');
    const { stderr, exitCode } = await runCommand(['report', '--out', 'tables/1667.json'], { cwd });
    expect(stderr).toBe(
      'sigtables: --out: tables/1667.json is there already and is no report: give another name, or move it away\n',
    );
    expect(exitCode).toBe(2);
    expect(await readFile(table, 'utf8')).toBe(before);
  });

  test('refuses a folder in its place', async () => {
    const { stderr, exitCode } = await runCommand(['report', '--out', 'tables'], { cwd });
    expect(stderr).toContain('is no report');
    expect(exitCode).toBe(2);
  });

  test('says what is in the way of writing', async () => {
    const { stderr, exitCode } = await runCommand(['report', '--out', 'tables/1667.json/x.html'], { cwd });
    expect(stderr).toMatch(/^sigtables: --out: cannot write tables\/1667\.json\/x\.html: .*\n$/);
    expect(exitCode).toBe(5);
  });

  test('writes nothing where there are no tables', async () => {
    const empty = await createFolder();
    const { stderr, exitCode } = await runCommand(['report'], { cwd: empty });
    expect(stderr).toContain('no table set in tables');
    expect(exitCode).toBe(3);
    expect(await readdir(empty)).toEqual([]);
  });

  test('asks the system to show it with --open', async () => {
    const home = await createFolder();
    const browser = await writeScript(
      home,
      'browser',
      `printf %s "$1" > ${join(home, 'shown.tmp')}; mv ${join(home, 'shown.tmp')} ${join(home, 'shown')}`,
    );
    const { stderr, exitCode } = await runCommand(['report', '--open'], {
      cwd,
      env: { BROWSER: browser, DISPLAY: '', HOME: home },
    });
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    await expect
      .poll(() => readFile(join(home, 'shown'), 'utf8').catch(() => ''), { timeout: 30_000 })
      .toContain(join(cwd, 'report.html'));
  });
});

test('a system that cannot show it is told of, and the report is there', async () => {
  const cwd = await buildSet('--range', '1e3');
  const env = { BROWSER: '/bin/false', DISPLAY: '', HOME: cwd };
  const { stdout, stderr, exitCode } = await runCommand(['report', '--open'], { cwd, env });
  expect(stdout).toMatch(/^Wrote report\.html/);
  expect(stderr).toMatch(/^sigtables: cannot show report\.html \(.*\): open it in a browser\n$/);
  expect(exitCode).toBe(0);
});

async function writeScript(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

/** All cells of a report's map: count by signature. */
async function readCells(cwd: string): Promise<Record<string, string>> {
  const { chart } = readData(await readReport(cwd));
  if (chart.kind !== 'steps') throw new Error(`a chart of ${chart.kind}`);
  expect(chart.stepsPerColumn).toBe(1);
  const cells = chart.rows.flatMap(({ last, counts }) =>
    (chart.lists[counts] ?? '')
      .split(' ')
      .map((count, i) => [
        String(chart.firstSteps + i).padStart(2, '0') + String(last).padStart(2, '0'),
        count,
      ]),
  );
  return Object.fromEntries(cells.filter(([, count]) => count !== '0')) as Record<string, string>;
}

function countCells(range: string): Record<string, string> {
  const buckets = closedForm(range);
  return Object.fromEntries(buckets.signatures().map((key) => [key, String(buckets.count(key))]));
}

describe('the data of a report', () => {
  test.each([
    ['signature', []],
    ['single', []],
    ['job', ['--chunk', '7777']],
  ])('has the count of each bucket in the layout %s', async (layout, more) => {
    const cwd = await buildSet('--range', '543..98765', '--layout', layout, ...more);
    expect(await readCells(cwd)).toEqual(countCells('543..98765'));
  });

  test.each(['count', 'min'])('has them for --aggregate %s as well', async (aggregate) => {
    const cwd = await buildSet('--range', '1e4', '--aggregate', aggregate, '--layout', 'single');
    expect(await readCells(cwd)).toEqual(countCells('1e4'));
  });

  test('is the same of shards as of the whole', async () => {
    const cwd = await createFolder();
    const run = async (...args: string[]): Promise<void> => {
      const { exitCode, stderr } = await runCommand(args, { cwd });
      expect(exitCode, stderr).toBe(0);
    };
    const folders = ['1', '2', '3'].map((shard) => `tables/${shard}`);
    for (const [i, folder] of folders.entries())
      await run('build', '--range', '1e5', '--shard', `${i + 1}/3`, '--out', folder, '-q', '--no-sync');
    await run('merge', ...folders, '--sharded', '--out', 'tables');
    expect(await readCells(cwd)).toEqual(countCells('1e5'));
    expect(await readReport(cwd)).toContain('99,990 numbers in');
  });

  test('stays small at 1e9', async () => {
    const cwd = await buildSet('--range', '1e9', '--aggregate', 'count', '--layout', 'single');
    expect((await readReport(cwd)).length).toBeLessThan(MAX_BYTES);
    expect(await readCells(cwd)).toEqual(countCells('1e9'));
  });

  test('stays small and exact at 1e40', async () => {
    const cwd = await buildSet('--range', '1e40', '--aggregate', 'count', '--layout', 'single');
    const html = await readReport(cwd);
    expect(html.length).toBeLessThan(MAX_BYTES);
    const { chart, numbers } = readData(html);
    if (chart.kind !== 'steps') throw new Error(`a chart of ${chart.kind}`);
    const counts = chart.rows.flatMap((row) => (chart.lists[row.counts] ?? '').split(' ').map(BigInt));
    expect(String(counts.reduce((sum, count) => sum + count, 0n))).toBe(numbers);
    expect(chart.columns).toBeLessThanOrEqual(160);
  });
});
