import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startPostgres, startRedis, type TestServer } from '../distributed/servers.js';
import { describeWith } from '../programs.js';
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

describeWith('redis-server', 'Redis', () => {
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
