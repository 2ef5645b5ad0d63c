import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startPostgres, startRedis } from '../distributed/servers.js';
import { hashFolder, runCommand } from './harness.js';
import { createPlace, startSharedBuild, startTalking, startWorker, stopWorker } from './queue-machines.js';

const run = promisify(execFile);

/** What the README tells of access rules, for one user. */
const ACL_RULES = '~sigtables:* &sigtables:* +@all -@dangerous -@admin +info +client|setname';

async function expectSharedBuild(url: string, more: readonly string[] = []): Promise<void> {
  const place = await createPlace();
  const worker = await startWorker(place, url, ['--cpus', '2', ...more]);
  const args = ['--range', '9000', '--chunk', '1000', '--signature', place.plugIn];
  const { exitCode, stderr } = await startSharedBuild(place, url, [...args, ...more]).process;
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

test('Redis with TLS by a CA of its own, and a user with the rules of the README', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sigtables-tls-'));
  const at = (name: string): string => join(folder, name);
  const subject = ['-subj', '/CN=sigtables test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = [
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    at('key'),
    '-out',
    at('ca'),
  ];
  await run('openssl', ['req', ...made, ...subject]);
  await writeFile(
    at('users.acl'),
    `user default off nopass ~* &* +@all\nuser builder on >secret-of-redis ${ACL_RULES}\n`,
  );
  const tls = ['--tls-cert-file', at('ca'), '--tls-key-file', at('key'), '--tls-ca-cert-file', at('ca')];
  const redis = await startRedis([...tls, '--tls-auth-clients', 'no', '--aclfile', at('users.acl')], true);
  const url = redis.url.replace('redis://', 'rediss://builder:secret-of-redis@');
  const untrusted = await runCommand(['status'], { env: { SIGTABLES_QUEUE: url } });
  expect(untrusted.exitCode).toBe(6);
  expect(untrusted.stderr).toMatch(/certificate/);
  await expectSharedBuild(url, ['--queue-ca', at('ca')]).finally(() => redis.stop());
  await rm(folder, { recursive: true, force: true });
}, 120_000);

test('the dashboard is for this machine, or for who has the password', async () => {
  const redis = await startRedis();
  const { cwd } = await createPlace();
  const open = startTalking(['dashboard'], cwd, redis.url);
  const url = await readUrl(open);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(`${url}api/queues`)).status).toBe(200);
  open.process.kill('SIGTERM');
  expect((await open.process).exitCode).toBe(143);

  const env = { SIGTABLES_QUEUE: redis.url };
  const wide = await runCommand(['dashboard', '--host', '0.0.0.0'], { env });
  expect(wide.exitCode).toBe(2);
  expect(wide.stderr).toMatch(/set a password in SIGTABLES_DASHBOARD_PASSWORD/);
  const guarded = startTalking(['dashboard', '--host', '0.0.0.0'], cwd, redis.url, {
    SIGTABLES_DASHBOARD_PASSWORD: 'open sesame',
  });
  const guardedUrl = (await readUrl(guarded)).replace('0.0.0.0', '127.0.0.1');
  expect((await fetch(guardedUrl)).status).toBe(401);
  const headers = { authorization: `Basic ${Buffer.from('me:open sesame').toString('base64')}` };
  expect((await fetch(guardedUrl, { headers })).status).toBe(200);
  guarded.process.kill('SIGTERM');
  await guarded.process;
  await redis.stop();
});

async function readUrl({ process }: ReturnType<typeof startTalking>): Promise<string> {
  for await (const chunk of process.stdout as AsyncIterable<Buffer>) return chunk.toString().trim();
  throw new Error('the dashboard printed nothing');
}
