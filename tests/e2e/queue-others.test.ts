import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Queue, createPostgresBackend } from 'bullmq';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describePostgres } from '../distributed/describe-servers.js';
import type { TestServer } from '../distributed/servers.js';
import { hashFolder, runCommand } from './harness.js';
import { createPlace, startSharedBuild, startTalking, startWorker, stopWorker } from './queue-machines.js';

// What others write to a queue, and machines whose clocks are wrong.

let server: TestServer;

function openQueue(name: string): Queue {
  const { hostname: host, port, username: user, password, pathname } = new URL(server.url);
  const connection = { host, port: Number(port), user, password, database: pathname.slice(1), migrate: true };
  const queue = new Queue(name, { connection }, createPostgresBackend as never);
  queue.on('error', () => undefined);
  return queue;
}

describePostgres((start) => {
  beforeEach(async () => {
    server = await start();
  });

  afterEach(async () => {
    await server.stop();
  });

  test('jobs that somebody else has changed are not done, and the tables are those of the plan', async () => {
    const place = await createPlace();
    const args = ['--range', '4000', '--chunk', '1000', '--aggregate', 'sum', '--signature', place.plugIn];
    const build = startSharedBuild(place, server.url, args);
    await build.says(/0\/4 jobs/);
    const queue = openQueue('sigtables');
    let job;
    while (!(job = (await queue.getJobs(['waiting']))[0])) await sleep(20);
    const data = job.data as Record<string, unknown>;
    const changes = [{ aggregate: 'count' }, { start: '12' }, { end: '3000' }];
    // Of jobs that wait, and of one that the build does not know, ahead of all others.
    const name = String(data['build']);
    for (const [i, change] of changes.entries())
      await queue.add('x', { ...data, job: i, ...change }, { jobId: `${name}-9${i}`, lifo: true });
    // In the place of own jobs too: of other terms, of other numbers, and malformed.
    const inPlace = [
      { ...data, job: 0 },
      { ...data, job: 2, aggregate: 'count' },
      { format: 2, job: 'x' },
    ];
    for (const [i, change] of inPlace.entries())
      await (await queue.getJob(`${name}-${i + 1}`))?.updateData(change);
    await queue.close();
    const worker = await startWorker(place, server.url, ['--cpus', '1']);
    const { exitCode, stderr } = await build.process;
    expect(exitCode, stderr).toBe(0);
    expect(worker.said()).toMatch(/is not what the build in .* gives out; nothing was done for it/);
    expect(worker.said()).toMatch(/malformed \(it is named as another one\)/);
    expect(stderr).toMatch(/job 3 in the queue is not what this build gave out, and is given out again/);
    await stopWorker(worker);
    const alone = await runCommand(['build', '--out', 'alone', ...args], { cwd: place.cwd });
    expect(alone.exitCode, alone.stderr).toBe(0);
    const hashes = ['shared/tables', 'alone'].map((name) => hashFolder(join(place.cwd, name)));
    expect(await hashes[0]).toEqual(await hashes[1]);
  }, 120_000);

  test('status shows what is no record on the board as such, and cancel removes it', async () => {
    const board = openQueue('sigtables-board');
    const build = {
      format: 2,
      kind: 'build',
      id: 'b0123456789ab',
      host: 'x',
      pid: 1,
      state: 'running',
      out: 'x',
    };
    const more = {
      signature: 'reduced',
      aggregate: 'list',
      layout: 'single',
      end: '10',
      jobs: 1,
      done: 0,
      again: 0,
    };
    for (const [id, data] of [
      ['build-b0123456789ab', { ...build, ...more, start: 'abc', beatMs: 0 }],
      ['build-b0123456789ac', { ...build, ...more, id: 'b0123456789ac', start: '0x10', beatMs: 0 }],
      ['build-b0123456789ad', { ...build, ...more, id: 'b0123456789ad', start: '1', beatMs: 9e15 }],
      ['build-b0123456789ae', { ...build, ...more, id: 'b0123456789af', start: '1', beatMs: 0 }],
      ['machine-1', 'text'],
      ['other', null],
    ] as const)
      await board.add('x', data, { jobId: id });
    await board.close();
    const env = { SIGTABLES_QUEUE: server.url };
    const { exitCode, stdout, stderr } = await runCommand(['status'], { env });
    expect(exitCode, stderr).toBe(0);
    expect(stdout.match(/: no record of this version \(.*\); sigtables cancel \S+ removes it/g)).toHaveLength(
      6,
    );
    const json = JSON.parse((await runCommand(['status', '--json'], { env })).stdout) as {
      strange: { id: string }[];
    };
    for (const { id } of json.strange) {
      const removed = await runCommand(['cancel', id], { env });
      expect(removed.exitCode, removed.stderr).toBe(0);
      expect(removed.stdout).toBe(`Removed the malformed record ${id}\n`);
    }
    expect((await runCommand(['status'], { env })).stdout).toMatch(/: 0 builds, 0 machines\n$/);
  }, 60_000);

  test('a worker whose clock is two days ahead dies: its job starts elsewhere, and it counts as silent', async () => {
    const place = await createPlace(1);
    const ahead = join(place.cwd, 'ahead.mjs');
    await writeFile(ahead, 'const now = Date.now; Date.now = () => now() + 2 * 86_400_000;\n');
    const args = ['--range', '4000', '--chunk', '1000', '--signature', place.plugIn];
    const worker = ['worker', '--root', 'shared', '--signature', place.plugIn, '--cpus', '1'];
    const node = { NODE_OPTIONS: `--import=${pathToFileURL(ahead).href}` };
    const doomed = startTalking(worker, place.cwd, server.url, node);
    await doomed.says(/takes jobs of/);
    const build = startSharedBuild(place, server.url, args);
    await build.says(/[1-3]\/4 jobs/);
    doomed.process.kill('SIGKILL');
    await doomed.process;
    const other = await startWorker(place, server.url, ['--cpus', '1']);
    const { exitCode, stderr } = await build.process;
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/its worker was lost/);
    const status = await runCommand(['status'], { env: { SIGTABLES_QUEUE: server.url } });
    expect(status.stdout).toMatch(/1 threads, silent since \d{4}-/);
    await stopWorker(other);
  }, 120_000);
});
