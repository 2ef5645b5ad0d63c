import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeServer } from '../distributed/describe-servers.js';
import type { TestServer } from '../distributed/servers.js';
import { hashFolder, runCommand, type CommandResult } from './harness.js';
import {
  createPlace,
  startSharedBuild,
  startWorker,
  stopWorker,
  type SharedPlace,
  type Talking,
} from './queue-machines.js';

// What builds leave that other machines share, and that is not merged.

let queue: TestServer;
let place: SharedPlace;
let worker: Talking;

/** A folder in the worker's root in which each test has its own. */
async function makeOwn(name: string): Promise<SharedPlace> {
  const cwd = join(place.cwd, 'shared', name);
  await mkdir(join(cwd, 'shared'), { recursive: true });
  return { ...place, cwd };
}

async function buildShards(own: SharedPlace, args: readonly string[]): Promise<CommandResult> {
  const root = ['--root', join(place.cwd, 'shared')];
  const build = startSharedBuild(own, queue.url, ['--no-merge', ...args, ...root]);
  const { exitCode, stdout, stderr, signal } = await build.process;
  return { exitCode, stdout, stderr, signal, cwd: own.cwd };
}

async function runWell(args: readonly string[], { cwd }: SharedPlace): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(args, { cwd });
  expect(exitCode, stderr).toBe(0);
  return stdout;
}

describeServer((start) => {
  beforeAll(async () => {
    queue = await start();
    place = await createPlace();
    worker = await startWorker(place, queue.url);
  });

  afterAll(async () => {
    await stopWorker(worker);
    await queue.stop();
  });

  describe('every command reads the shards as one', () => {
    test('lists by the closed form', async () => {
      const own = await makeOwn('closed');
      const built = await buildShards(own, ['--range', '3e4', '--chunk', '7000', '--json']);
      expect(built.exitCode, built.stderr).toBe(0);
      expect(JSON.parse(built.stdout)).toMatchObject({ outcome: 'built', shards: 5, numbers: '29990' });
      const ranges = ['00010-07000', '07000-14000', '14000-21000', '21000-28000', '28000-30000'];
      const names = ranges.map((range) => `shard-${range}`);
      expect((await readdir(join(own.cwd, 'shared/tables'))).sort()).toEqual(['manifest.json', ...names]);

      await runWell(['build', '--range', '3e4', '--out', 'alone'], own);
      const whole = await runWell(['lookup', '1667', '--tables', 'alone'], own);
      expect(await runWell(['lookup', '1667', '--tables', 'shared/tables'], own)).toBe(whole);
      expect(await runWell(['find', '29999', '--tables', 'shared/tables'], own)).toMatch(
        /shard-28000-30000\//,
      );
      await runWell(['verify', 'shared/tables', '--deep'], own);
      await runWell(['report', 'shared/tables', '--out', 'report.html'], own);
      await runWell(['merge', 'shared/tables', '--out', 'merged'], own);
      expect(await hashFolder(join(own.cwd, 'merged'))).toEqual(await hashFolder(join(own.cwd, 'alone')));

      const again = await buildShards(own, ['--range', '3e4', '--chunk', '9000']);
      expect(again.exitCode, again.stderr).toBe(0);
      expect(again.stdout).toMatch(/Nothing to do/);
      const file = (await readdir(join(own.cwd, 'shared/tables/shard-07000-14000'))).find(
        (name) => name !== 'manifest.json',
      );
      await rm(join(own.cwd, 'shared/tables/shard-07000-14000', file ?? ''));
      expect((await buildShards(own, ['--range', '3e4'])).exitCode).toBe(3);
    });

    test.each([
      ['lists of a plug-in in one table', ['--layout', 'single', '--signature', 'PLUG-IN']],
      ['lists of a plug-in by job', ['--layout', 'job', '--signature', 'PLUG-IN']],
      ['the closed form by job', ['--layout', 'job']],
      ['sums of a plug-in', ['--layout', 'single', '--aggregate', 'sum', '--signature', 'PLUG-IN']],
    ])('%s', async (name, more) => {
      const own = await makeOwn(name.replaceAll(' ', '-'));
      const args = [
        '--range',
        '3e4',
        '--chunk',
        '7000',
        ...more.map((word) => (word === 'PLUG-IN' ? place.plugIn : word)),
      ];
      const built = await buildShards(own, args);
      expect(built.exitCode, built.stderr).toBe(0);
      expect(built.stdout).toMatch(/of 5 shards in shared\/tables/);
      await runWell(['build', ...args, '--out', 'alone'], own);
      await runWell(['verify', 'shared/tables'], own);
      const key = more.includes('PLUG-IN') ? '3' : '1667';
      if (more.includes('sum') || !more.includes('--aggregate'))
        expect(await runWell(['lookup', key, '--tables', 'shared/tables'], own)).toBe(
          await runWell(['lookup', key, '--tables', 'alone'], own),
        );
    });
  });

  test.each([
    ['the same command goes on', [], 15],
    ['another one with --force begins anew', ['--range', '2e4', '--force'], 10],
  ] as const)('killed while the shards take their places, %s', async (name, more, shards) => {
    const own = await makeOwn(name.replaceAll(' ', '-'));
    const args = ['--range', '3e4', '--chunk', '2000'];
    const tables = join(own.cwd, 'shared/tables');
    const root = ['--root', join(place.cwd, 'shared')];
    const build = startSharedBuild(own, queue.url, ['--no-merge', ...args, ...root]);
    const listShards = async (): Promise<string[]> =>
      (await readdir(tables).catch(() => [])).filter((name) => name.startsWith('shard-'));
    while ((await listShards()).length === 0 && build.process.exitCode === null) await sleep(1);
    build.process.kill('SIGKILL');
    await build.process;
    const { exitCode, stderr } = await buildShards(own, [...args, ...more]);
    expect(exitCode, stderr).toBe(0);
    expect(await listShards()).toHaveLength(shards);
    expect(await readdir(tables)).not.toContain('.build');
    await runWell(['verify', 'shared/tables', '--deep'], own);
  });

  test('finished jobs of another unfinished build are not dropped without --force', async () => {
    const own = await makeOwn('other');
    const patient = startSharedBuild(own, queue.url, ['--range', '20000', '--chunk', '500', '--root', '..']);
    await patient.says(/[1-9]\d*\/40 jobs/);
    patient.process.kill('SIGINT');
    await patient.process;
    const other = await buildShards(own, ['--range', '20000', '--chunk', '500']);
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toMatch(/keeps finished jobs of another, unfinished build.*--force/);
    const forced = await buildShards(own, ['--range', '20000', '--chunk', '5000', '--force']);
    expect(forced.exitCode, forced.stderr).toBe(0);
  });

  test('without a queue there is nothing to leave unmerged', async () => {
    const { exitCode, stderr } = await runCommand(['build', '--range', '1000', '--no-merge']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/--no-merge goes with --queue/);
  });
});
