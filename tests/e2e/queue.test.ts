import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeServer, describeServers } from '../distributed/describe-servers.js';
import { startRedis, type TestServer } from '../distributed/servers.js';
import { describeWith } from '../programs.js';
import { hashFolder, runCommand } from './harness.js';
import {
  createPlace,
  startSharedBuild,
  startTalking,
  startWorker,
  stopWorker,
  terminate,
  type SharedPlace,
  type Talking,
} from './queue-machines.js';

/** The same build on this machine alone. */
async function hashLocalBuild({ cwd }: SharedPlace, args: readonly string[]): Promise<object> {
  const { exitCode, stderr } = await runCommand(['build', '--out', 'alone', ...args], { cwd });
  expect(exitCode, stderr).toBe(0);
  return hashFolder(join(cwd, 'alone'));
}

async function expectSameBytes(place: SharedPlace, args: readonly string[]): Promise<void> {
  const shared = join(place.cwd, 'shared', 'tables');
  expect(await hashFolder(shared)).toEqual(await hashLocalBuild(place, args));
  expect(await readdir(shared)).not.toContain('.build');
}

async function end(build: Talking): Promise<{ exitCode: number | undefined; stderr: string }> {
  const { exitCode, stderr } = await build.process;
  return { exitCode, stderr };
}

let queue: TestServer;

/** Builds that end without their tables leave a record: each test has a queue of its own. */
function useServer(start: () => Promise<TestServer>): void {
  beforeEach(async () => {
    queue = await start();
  });

  afterEach(async () => {
    await queue.stop();
  });
}

describeServer((start) => {
  useServer(start);

  describe('the bytes are those of a build on one machine', () => {
    let place: SharedPlace;
    let workers: Talking[];
    let server: TestServer;

    beforeAll(async () => {
      server = await start();
      place = await createPlace();
      workers = [await startWorker(place, server.url), await startWorker(place, server.url, ['--cpus', '1'])];
    });

    afterAll(async () => {
      for (const worker of workers) await stopWorker(worker);
      await server.stop();
    });

    test.each([
      ['lists by the closed form', '--range 3e4 --chunk 7000'],
      ['the layout job by the closed form', '--range 3e4 --chunk 7000 --layout job'],
      ['lists of a plug-in in one table', '--range 3e4 --chunk 7000 --layout single --signature PLUG-IN'],
      ['the layout job of a plug-in', '--range 3e4 --chunk 7000 --layout job --signature PLUG-IN'],
      ['sums of a plug-in', '--range 3e4 --chunk 7000 --aggregate sum --signature PLUG-IN'],
      ['counts by the formula', '--range 3e4 --aggregate count'],
    ])('%s', async (_, line) => {
      const args = line.split(' ').map((word) => (word === 'PLUG-IN' ? place.plugIn : word));
      const own = { ...place, cwd: join(place.cwd, 'shared', `set-${line.replace(/\W+/g, '-')}`) };
      await mkdir(join(own.cwd, 'shared'), { recursive: true });
      const root = ['--root', join(place.cwd, 'shared')];
      const built = await end(startSharedBuild(own, server.url, [...args, ...root]));
      expect(built.exitCode, built.stderr).toBe(0);
      await expectSameBytes(own, args);
    });
  });

  test('a build waits for the first worker and says so; its coordinator killed, the same command goes on', async () => {
    const place = await createPlace(1);
    const args = ['--range', '4000', '--chunk', '400', '--signature', place.plugIn];
    const first = startSharedBuild(place, queue.url, args);
    await first.says(/waiting for a worker: start sigtables worker/);
    const worker = await startWorker(place, queue.url);
    await first.says(/[1-9]\/10 jobs/);
    first.process.kill('SIGKILL');
    await first.process;
    const second = await end(startSharedBuild(place, queue.url, args));
    expect(second.exitCode, second.stderr).toBe(0);
    await stopWorker(worker);
    await expectSameBytes(place, args);
  });

  test('a job that fails by itself ends the build with its error and its range', async () => {
    const place = await createPlace(0, "if (Number(n) === 1234) throw new Error('no luck');");
    const worker = await startWorker(place, queue.url);
    const args = ['--range', '2000', '--chunk', '500', '--signature', place.plugIn];
    const { exitCode, stderr } = await end(startSharedBuild(place, queue.url, args));
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(
      /job 2 \(1000\.\.1500\) failed 5 times: .*no luck.*1234|job 2 \(1000\.\.1500\) failed 5 times: .*1234.*no luck/,
    );
    await stopWorker(worker);
  });

  describe('a worker refuses', () => {
    test('a folder that it does not see, and says which on which host', async () => {
      const place = await createPlace();
      await mkdir(join(place.cwd, 'elsewhere'));
      const blind = startTalking(
        ['worker', '--root', 'elsewhere', '--signature', place.plugIn],
        place.cwd,
        queue.url,
      );
      await blind.says(/takes jobs of/);
      const args = ['--range', '1000', '--signature', place.plugIn];
      const build = startSharedBuild(place, queue.url, args);
      await blind.says(/does not see the build's folder .*elsewhere\/tables below --root/);
      const seeing = await startWorker(place, queue.url);
      const { exitCode, stderr } = await end(build);
      expect(exitCode, stderr).toBe(0);
      await stopWorker(seeing);
      await stopWorker(blind);
    });

    test('a signature that it has not, with both hashes', async () => {
      const place = await createPlace();
      const other = await createPlace(0, '/* changed */');
      const args = ['--range', '1000', '--signature', place.plugIn];
      const stranger = await startWorker({ ...place, plugIn: other.plugIn }, queue.url);
      const build = startSharedBuild(place, queue.url, args);
      await stranger.says(/SHA-256 [0-9a-f]{64}.*SHA-256 [0-9a-f]{64}/);
      await build.says(/wants the signature/);
      // It goes on with what it can run.
      const own = { ...other, cwd: place.cwd };
      const served = ['build', '--out', 'shared/served', '--range', '1000', '--signature', own.plugIn];
      const env = { SIGTABLES_QUEUE: queue.url };
      const done = await runCommand(served, { cwd: place.cwd, env });
      expect(done.exitCode, done.stderr).toBe(0);
      const worker = await startWorker(place, queue.url);
      expect((await end(build)).exitCode).toBe(0);
      expect(stranger.said().match(/wants the signature/g)).toHaveLength(1);
      await stopWorker(worker);
      await stopWorker(stranger);
    });
  });
});

describeServers((start) => {
  useServer(start);

  test('the server restarted with its data: the build goes on', async () => {
    const place = await createPlace(1);
    const args = ['--range', '4000', '--chunk', '400', '--signature', place.plugIn];
    const worker = await startWorker(place, queue.url);
    const build = startSharedBuild(place, queue.url, args);
    await build.says(/[1-9]\/10 jobs/);
    await queue.kill();
    await build.says(/does not answer/);
    await queue.start();
    const { exitCode, stderr } = await end(build);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/answers again/);
    await stopWorker(worker);
    await expectSameBytes(place, args);
  });

  test('Ctrl-C while the queue is away: the build ends soon, and goes on later', async () => {
    const place = await createPlace(1);
    const args = ['--range', '6000', '--chunk', '500', '--signature', place.plugIn];
    const worker = await startWorker(place, queue.url);
    const build = startSharedBuild(place, queue.url, args);
    await build.says(/[1-9]\/12 jobs/);
    await queue.kill();
    await build.says(/does not answer/);
    const startMs = performance.now();
    build.process.kill('SIGINT');
    const stopped = await end(build);
    expect(stopped.exitCode, stopped.stderr).toBe(130);
    expect(stopped.stderr).toMatch(/the same command goes on/);
    // Jobs of the worker that lost the queue may be waited for 30 s; who stops the build need not.
    expect(performance.now() - startMs).toBeLessThan(20_000);
    await queue.start();
    const { exitCode, stderr } = await end(startSharedBuild(place, queue.url, args));
    expect(exitCode, stderr).toBe(0);
    await stopWorker(worker);
    await expectSameBytes(place, args);
  }, 60_000);

  test('a worker killed: its jobs start again elsewhere', async () => {
    const place = await createPlace(1);
    const args = ['--range', '6000', '--chunk', '1000', '--signature', place.plugIn];
    const doomed = await startWorker(place, queue.url);
    const build = startSharedBuild(place, queue.url, args);
    await build.says(/[1-9]\/6 jobs/);
    doomed.process.kill('SIGKILL');
    const other = await startWorker(place, queue.url);
    await build.says(/tried again.*its worker was lost/);
    const { exitCode, stderr } = await end(build);
    expect(exitCode, stderr).toBe(0);
    await stopWorker(other);
    await expectSameBytes(place, args);
  }, 120_000);

  test('Ctrl-C takes waiting jobs back and lets running ones end; status shows it, cancel removes it, the command goes on', async () => {
    const place = await createPlace(1);
    const env = { SIGTABLES_QUEUE: queue.url };
    const args = ['--range', '6000', '--chunk', '500', '--signature', place.plugIn];
    const worker = await startWorker(place, queue.url);
    const build = startSharedBuild(place, queue.url, args);
    await build.says(/[1-9]\/12 jobs/);
    const running = JSON.parse((await runCommand(['status', '--json'], { env })).stdout);
    expect(running).toMatchObject({ schemaVersion: 1, builds: [{ state: 'running', jobs: 12 }] });
    build.process.kill('SIGINT');
    const stopped = await end(build);
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toMatch(/the same command goes on/);
    const after: unknown = JSON.parse((await runCommand(['status', '--json'], { env })).stdout);
    expect(after).toMatchObject({ builds: [{ state: 'stopped', queued: { waiting: 0, running: 0 } }] });
    const cancelled = await runCommand(['cancel'], { env });
    expect(cancelled.exitCode, cancelled.stderr).toBe(0);
    expect((await runCommand(['status'], { env })).stdout).toMatch(/: 0 builds, 1 machine/);
    const { exitCode, stderr } = await end(startSharedBuild(place, queue.url, args));
    expect(exitCode, stderr).toBe(0);
    await stopWorker(worker);
    await expectSameBytes(place, args);
  });

  test('cancel ends a build that runs, and its running jobs', async () => {
    const place = await createPlace(20);
    const worker = await startWorker(place, queue.url);
    const args = ['--range', '100000', '--chunk', '10000', '--signature', place.plugIn];
    const build = startSharedBuild(place, queue.url, args);
    await worker.says(/takes jobs/);
    await build.says(/0\/10 jobs/);
    const cancelled = await runCommand(['cancel'], { env: { SIGTABLES_QUEUE: queue.url } });
    expect(cancelled.exitCode, cancelled.stderr).toBe(0);
    const { exitCode, stderr } = await end(build);
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(/was cancelled by sigtables cancel/);
    // A job of 200 s: only one that was ended lets the worker end soon.
    await stopWorker(worker);
  });
});

// On PostgreSQL an idle worker may not see at once that the server is gone.
describeWith('redis-server', 'Redis away', () => {
  test('a worker that is told to end while the queue is away ends soon', async () => {
    const queue = await startRedis();
    const worker = await startWorker(await createPlace(), queue.url);
    await queue.kill();
    await worker.says(/does not answer/);
    terminate(worker);
    const { exitCode, stderr } = await end(worker);
    expect(exitCode, stderr).toBe(143);
    await queue.stop();
  }, 60_000);
});

describeWith('redis-server', 'Redis with a password', () => {
  test('a wrong password is refused and printed by nobody', async () => {
    const own = await startRedis(['--requirepass', 'right-password']);
    const url = own.url.replace('redis://', 'redis://:wrong-password@');
    const refused = await runCommand(['status', '--queue', url]);
    expect(refused.exitCode).toBe(6);
    expect(refused.stderr).toMatch(/warning: --queue holds a password/);
    expect(refused.stderr).toMatch(/cannot use the queue redis:\/\/127\.0\.0\.1:\d+: /);
    expect(refused.stderr).not.toContain('wrong-password');
    const folder = own.folder;
    await writeFile(join(folder, 'url'), own.url.replace('redis://', 'redis://:right-password@'));
    const admitted = await runCommand(['status', '--queue-file', join(folder, 'url')]);
    expect(admitted.exitCode, admitted.stderr).toBe(0);
    expect(admitted.stderr).toBe('');
    expect(admitted.stdout).not.toContain('right-password');
    await own.stop();
  });
});
