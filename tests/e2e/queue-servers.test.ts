import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { describeServers } from '../distributed/describe-servers.js';
import { makeCertificate, startPostgres, startRedis } from '../distributed/servers.js';
import { describeWith } from '../programs.js';
import { hashFolder, runCommand } from './harness.js';
import {
  createPlace,
  startSharedBuild,
  startTalking,
  startWorker,
  stopWorker,
  terminate,
} from './queue-machines.js';

/** What the README tells of access rules, for one user. */
const ACL_RULES = '~sigtables:* &sigtables:* +@all -@dangerous -@admin +info +client|setname';

/** The command lines of all processes of this machine, a line each. */
async function listProcesses(): Promise<string> {
  if (process.platform !== 'linux') return (await execa('ps', ['axww', '-o', 'args'])).stdout;
  const lines: string[] = [];
  for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // A process may have ended meanwhile.
    const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    lines.push(line.replaceAll('\0', ' '));
  }
  return lines.join('\n');
}

async function expectSharedBuild(url: string, more: readonly string[] = []): Promise<void> {
  const place = await createPlace();
  const worker = await startWorker(place, url, ['--cpus', '2', ...more]);
  const args = ['--range', '9000', '--chunk', '1000', '--signature', place.plugIn];
  const build = startSharedBuild(place, url, [...args, ...more]);
  await build.says(/jobs/);
  const processes = await listProcesses();
  expect(processes).toMatch(/sigtables\S* worker/);
  expect(processes).not.toMatch(/secret-of/);
  const { exitCode, stderr } = await build.process;
  expect(exitCode, stderr).toBe(0);
  const env = { SIGTABLES_QUEUE: url };
  const status = await runCommand(['status', ...more], { cwd: place.cwd, env });
  expect(status.stdout, status.stderr).toMatch(/: 0 builds, 1 machine\n/);
  await stopWorker(worker);
  expect(worker.said() + stderr + status.stdout).not.toMatch(/secret/);
  await runCommand(['build', '--out', 'alone', ...args], { cwd: place.cwd });
  const [shared, alone] = ['shared/tables', 'alone'].map((name) => hashFolder(join(place.cwd, name)));
  expect(await shared).toEqual(await alone);
}

test('PostgreSQL: the same bytes, and nothing left on the queue', async () => {
  const postgres = await startPostgres();
  await expectSharedBuild(postgres.url).finally(() => postgres.stop());
}, 120_000);

test('PostgreSQL gone for good: Ctrl-C ends the build, SIGTERM the worker', async () => {
  const postgres = await startPostgres();
  const place = await createPlace(1);
  const worker = await startWorker(place, postgres.url);
  const args = ['--range', '6000', '--chunk', '500', '--signature', place.plugIn];
  const build = startSharedBuild(place, postgres.url, args);
  await build.says(/[1-9]\/12 jobs/);
  await postgres.stop();
  await build.says(/does not answer/);
  for (const talking of [build, worker]) terminate(talking);
  const stopped = await build.process;
  expect(stopped.exitCode, stopped.stderr).toBe(143);
  expect(stopped.stderr).toMatch(/the same command goes on/);
  expect((await worker.process).exitCode, worker.said()).toBe(143);
}, 120_000);

test('PostgreSQL with TLS by a CA of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sigtables-tls-'));
  const { certificate, key } = await makeCertificate(folder);
  const postgres = await startPostgres({ certificate, key });
  const strict = { SIGTABLES_QUEUE: `${postgres.url}?sslmode=require` };
  const untrusted = await runCommand(['status'], { env: strict });
  expect(untrusted.exitCode).toBe(6);
  expect(untrusted.stderr).toMatch(/certificate/);
  await expectSharedBuild(postgres.url, ['--queue-ca', certificate]).finally(() => postgres.stop());
  await rm(folder, { recursive: true, force: true });
}, 120_000);

describeWith('redis-server', 'Redis', () => {
  test('with TLS by a CA of its own, and a user with the rules of the README', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sigtables-tls-'));
    const rules = join(folder, 'users.acl');
    const { certificate, key } = await makeCertificate(folder);
    await writeFile(
      rules,
      `user default off nopass ~* &* +@all\nuser builder on >secret-of-redis ${ACL_RULES}\n`,
    );
    const tls = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate];
    const redis = await startRedis([...tls, '--tls-auth-clients', 'no', '--aclfile', rules], true);
    const url = redis.url.replace('redis://', 'rediss://builder:secret-of-redis@');
    const untrusted = await runCommand(['status'], { env: { SIGTABLES_QUEUE: url } });
    expect(untrusted.exitCode).toBe(6);
    expect(untrusted.stderr).toMatch(/certificate/);
    await expectSharedBuild(url, ['--queue-ca', certificate]).finally(() => redis.stop());
    await rm(folder, { recursive: true, force: true });
  }, 120_000);
});

describeServers((start) => {
  test('the dashboard is for this machine, or for who has the password', async () => {
    const queue = await start();
    const { cwd } = await createPlace();
    const open = startTalking(['dashboard'], cwd, queue.url);
    const url = await readUrl(open);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(`${url}api/queues`)).status).toBe(200);
    open.process.kill('SIGTERM');
    expect((await open.process).exitCode).toBe(143);

    const env = { SIGTABLES_QUEUE: queue.url };
    const wide = await runCommand(['dashboard', '--host', '0.0.0.0'], { env });
    expect(wide.exitCode).toBe(2);
    expect(wide.stderr).toMatch(/set a password in SIGTABLES_DASHBOARD_PASSWORD/);
    const guarded = startTalking(['dashboard', '--host', '0.0.0.0'], cwd, queue.url, {
      SIGTABLES_DASHBOARD_PASSWORD: 'open sesame',
    });
    const guardedUrl = (await readUrl(guarded)).replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(guardedUrl)).status).toBe(401);
    const headers = { authorization: `Basic ${Buffer.from('me:open sesame').toString('base64')}` };
    expect((await fetch(guardedUrl, { headers })).status).toBe(200);
    guarded.process.kill('SIGTERM');
    await guarded.process;
    await queue.stop();
  });
});

async function readUrl({ process }: ReturnType<typeof startTalking>): Promise<string> {
  for await (const chunk of process.stdout as AsyncIterable<Buffer>) return chunk.toString().trim();
  throw new Error('the dashboard printed nothing');
}
