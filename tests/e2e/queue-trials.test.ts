import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres, startRedis, type TestServer } from '../distributed/servers.js';
import { hashFolder, runCommand } from './harness.js';
import {
  createPlace,
  startSharedBuild,
  startTalking,
  startWorker,
  stopWorker,
  type SharedPlace,
  type Talking,
} from './queue-machines.js';

// Troubles in each phase of a build through PostgreSQL, by a user with no more rights than the README tells of.

let server: TestServer;
let url: string;
/** What a test has started: all of it ends, also where the test fails. */
const started: Talking[] = [];

beforeAll(async () => {
  server = await startPostgres();
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  admin.on('error', () => undefined);
  for (const line of [
    "CREATE ROLE builder LOGIN PASSWORD 'secret-of-builder' NOSUPERUSER NOCREATEDB NOCREATEROLE",
    'CREATE DATABASE tables',
    'REVOKE ALL ON DATABASE tables FROM PUBLIC',
    'GRANT CONNECT, CREATE ON DATABASE tables TO builder',
  ])
    await admin.query(line);
  url = `postgres://builder:secret-of-builder@127.0.0.1:${server.port}/tables`;
  const refused = await runCommand(['status'], { env: { SIGTABLES_QUEUE: url } });
  expect(refused.exitCode).toBe(6);
  expect(refused.stderr).toMatch(/its user needs the right TEMPORARY on the database/);
  await admin.query('GRANT TEMPORARY ON DATABASE tables TO builder');
  await admin.end();
}, 60_000);

afterEach(async () => {
  for (const { process } of started.splice(0)) {
    process.kill('SIGKILL');
    await process;
  }
});

afterAll(async () => {
  await server.stop();
});

function keep(talking: Talking): Talking {
  started.push(talking);
  return talking;
}

const RANGE = ['--range', '4000', '--chunk', '1000'];

async function expectDone(place: SharedPlace, build: Talking, args: readonly string[]): Promise<string> {
  const { exitCode, stderr } = await build.process;
  expect(exitCode, stderr).toBe(0);
  const alone = await runCommand(['build', '--out', 'alone', ...args], { cwd: place.cwd });
  expect(alone.exitCode, alone.stderr).toBe(0);
  const [shared, own] = ['shared/tables', 'alone'].map((name) => hashFolder(join(place.cwd, name)));
  expect(await shared).toEqual(await own);
  expect(await readdir(join(place.cwd, 'shared', 'tables'))).not.toContain('.build');
  const status = await runCommand(['status'], { env: { SIGTABLES_QUEUE: url } });
  expect(status.stdout, status.stderr).toMatch(/: 0 builds/);
  return stderr;
}

/** The threads of a command with these settings, which put buckets together, wait until the file is there. */
async function holdThreads({ cwd }: SharedPlace): Promise<{ env: Record<string, string>; gate: string }> {
  const [hold, gate] = [join(cwd, 'hold.mjs'), join(cwd, 'gate')];
  await writeFile(
    hold,
    `import { existsSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
const cell = new Int32Array(new SharedArrayBuffer(4));
while (!isMainThread && !existsSync(${JSON.stringify(gate)})) Atomics.wait(cell, 0, 0, 20);\n`,
  );
  return { env: { NODE_OPTIONS: `--import=${pathToFileURL(hold).href}` }, gate };
}

function startBuild(place: SharedPlace, args: readonly string[], env = {}): Talking {
  const progress = ['--progress', 'plain', '--progress-interval', '0.2'];
  return keep(startTalking(['build', '--out', 'shared/tables', ...args, ...progress], place.cwd, url, env));
}

async function cancel(): Promise<void> {
  const cancelled = await runCommand(['cancel'], { env: { SIGTABLES_QUEUE: url } });
  expect(cancelled.exitCode, cancelled.stderr).toBe(0);
}

async function expectCancelled(build: Talking): Promise<void> {
  const { exitCode, stderr } = await build.process;
  expect(exitCode, stderr).toBe(7);
  expect(stderr).toMatch(
    /was cancelled by sigtables cancel; finished jobs are kept, the same command goes on/,
  );
}

test('cancelled while jobs wait, and while they are put together: status 7, and the same command goes on', async () => {
  const place = await createPlace();
  const args = [...RANGE, '--signature', place.plugIn];
  const waiting = startBuild(place, args);
  await waiting.says(/0\/4 jobs/);
  await cancel();
  await expectCancelled(waiting);
  const worker = keep(await startWorker(place, url));
  const { env } = await holdThreads(place);
  const merging = startBuild(place, args, env);
  await merging.says(/4\/4 jobs/);
  await cancel();
  await expectCancelled(merging);
  await expectDone(place, startBuild(place, args), args);
  await stopWorker(worker);
}, 60_000);

test('the coordinator killed while it puts the buckets together: the same command goes on', async () => {
  const place = await createPlace();
  const args = [...RANGE, '--signature', place.plugIn, '--job-timeout', '60.0005'];
  const worker = keep(await startWorker(place, url));
  const { env } = await holdThreads(place);
  const merging = startBuild(place, args, env);
  await merging.says(/4\/4 jobs/);
  merging.process.kill('SIGKILL');
  await merging.process;
  await stopWorker(worker);
  // Nothing is done again: no worker is there.
  await expectDone(place, startBuild(place, args), args);
}, 60_000);

test.each(['spool', 'shards'])(
  'the disk full at the manifest (%s): status 6, and the same command goes on',
  async (kind) => {
    const place = await createPlace();
    const args = [...RANGE, '--signature', place.plugIn];
    const queued = kind === 'shards' ? [...args, '--no-merge'] : args;
    const worker = keep(await startWorker(place, url));
    const full = join(place.cwd, 'full.cjs');
    await writeFile(
      full,
      `const files = require('node:fs/promises');
const { open } = files;
files.open = async (path, ...more) => {
  const handle = await open(path, ...more);
  if (!/shared.tables.\\.?manifest\\.json/.test(String(path)) || more[0] === 'r') return handle;
  for (const name of ['write', 'writev', 'writeFile', 'appendFile'])
    handle[name] = () => Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' }));
  return handle;
};\n`,
    );
    const stopped = startBuild(place, queued, { NODE_OPTIONS: `--require=${full}` });
    const { exitCode, stderr } = await stopped.process;
    expect(exitCode, stderr).toBe(6);
    expect(stderr).toMatch(/no space left|ENOSPC|disk is full/i);
    expect(
      (await readdir(join(place.cwd, 'shared/tables'))).filter((name) => name.includes('manifest')),
    ).toEqual([]);
    await stopWorker(worker);
    if (kind === 'spool') await expectDone(place, startBuild(place, queued), args);
    else expect((await startBuild(place, queued).process).exitCode).toBe(0);
    const verified = await runCommand(['verify', 'shared/tables', '--deep'], { cwd: place.cwd });
    expect(verified.exitCode, verified.stderr).toBe(0);
  },
  60_000,
);

test('results of an earlier build in the same folder are none of a later one, also under its name', async () => {
  const place = await createPlace();
  const args = ['--signature', place.plugIn, ...RANGE];
  const earlier = startBuild(place, [...args, '--aggregate', 'count']);
  await earlier.says(/0\/4 jobs/);
  // It gives its jobs out, and takes no results.
  earlier.process.kill('SIGSTOP');
  const first = keep(await startWorker(place, url));
  const jobs = join(place.cwd, 'shared/tables/.build/jobs');
  const [id = ''] = (await readdir(jobs)).filter((name) => name.startsWith('b'));
  for (const job of ['0', '1', '2', '3'])
    while (!(await readdir(join(jobs, id))).includes(job)) await sleep(20);
  await cp(join(jobs, id), join(place.cwd, 'kept'), { recursive: true });
  earlier.process.kill('SIGKILL');
  await earlier.process;
  await stopWorker(first);
  await rm(join(place.cwd, 'shared/tables'), { recursive: true });
  await mkdir(join(place.cwd, 'shared/tables'));
  const later = startBuild(place, [...args, '--aggregate', 'sum']);
  await later.says(/0\/4 jobs/);
  const own = (await readdir(jobs)).find((name) => name.startsWith('b')) ?? '';
  for (const job of ['0', '1', '2', '3']) {
    const receipt = join(place.cwd, 'kept', job, 'receipt.json');
    const [body = ''] = (await readFile(receipt, 'utf8')).split('\n');
    const renamed = job === '0' ? body : body.replace(id, own);
    const sum = createHash('sha256').update(renamed).digest('hex');
    await writeFile(receipt, `${renamed}\n${sum}\n`);
    await cp(join(place.cwd, 'kept', job), join(jobs, own, job), { recursive: true });
  }
  // A machine that comes with its own result finds the place taken, until the build has dropped what stands there.
  const worker = keep(await startWorker(place, url));
  await expectDone(place, later, [...args, '--aggregate', 'sum']);
  await stopWorker(worker);
}, 150_000);

describe('Redis', () => {
  test('its memory full: said as that, and the build goes on when there is room', async () => {
    const redis = await startRedis();
    const admin = new Redis(redis.url);
    const place = await createPlace(1);
    const args = ['--range', '4000', '--chunk', '400', '--signature', place.plugIn];
    const worker = keep(await startWorker(place, redis.url));
    const build = keep(startSharedBuild(place, redis.url, args));
    await build.says(/[1-9]\/10 jobs/);
    await admin.config('SET', 'maxmemory', '1000000');
    for (const talking of [build, worker]) await talking.says(/has no memory left \(OOM command not allowed/);
    await admin.config('SET', 'maxmemory', '0');
    const { exitCode, stderr } = await build.process;
    expect(exitCode, stderr).toBe(0);
    await stopWorker(worker);
    await admin.quit();
    await redis.stop();
  }, 60_000);

  test('records that are no JSON hide neither the cancel of a build nor its own record', async () => {
    const redis = await startRedis();
    const admin = new Redis(redis.url);
    const place = await createPlace();
    const build = keep(startSharedBuild(place, redis.url, [...RANGE, '--signature', place.plugIn]));
    await build.says(/0\/4 jobs/);
    const [key = ''] = await admin.keys('sigtables:sigtables-board:build-*');
    await admin.hset(key, 'data', '{');
    const id = key.split('build-')[1] ?? '';
    while ((await admin.hget(key, 'data')) === '{') await sleep(50);
    await admin.hset(`sigtables:sigtables-board:cancel-${id}`, { name: 'cancel', data: '{', opts: '{}' });
    const { exitCode, stderr } = await build.process;
    expect(exitCode, stderr).toBe(7);
    expect(stderr).toMatch(/was cancelled/);
    expect(stderr).not.toMatch(/does not answer/);
    await admin.quit();
    await redis.stop();
  }, 60_000);
});
