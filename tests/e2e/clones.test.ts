import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { prepareGatedBuild } from './gated-build.js';
import { testUnless } from '../programs.js';
import { COMMAND, createFolder, readNeutralEnvironment, startCommand } from './harness.js';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';
/** A namespace of mounts with another boot id, and one of networks, where no socket's name is taken. */
const CLONE = ['--mount', '--net', 'sh', '-c', `mount --bind "$0" ${BOOT_ID} && exec "$@"`];
const mayClone = spawnSync('unshare', [...CLONE, BOOT_ID, 'true']).status === 0;
const REASON = mayClone ? undefined : 'only root may make namespaces, on Linux';

testUnless(REASON, 'a clone of the machine leaves the lock of a living build alone', async () => {
  const { args, cwd, env, open } = await prepareGatedBuild();
  const running = startCommand(args, { cwd, env });
  const bootId = join(await createFolder(), 'boot-id');
  await writeFile(bootId, `${randomUUID()}\n`);
  const lock = join(cwd, 'tables', '.build', 'lock');
  while (!(await readFile(lock, 'utf8').catch(() => ''))) await new Promise(setImmediate);
  const clone = await execa('unshare', [...CLONE, bootId, process.execPath, COMMAND, ...args], {
    cwd,
    env: { ...readNeutralEnvironment(), ...env },
    extendEnv: false,
    reject: false,
  });
  expect(clone.stderr).toMatch(/tables is locked by process \d+ .*: wait for it to end/);
  expect(clone.exitCode).toBe(4);
  await open();
  expect(await running).toMatchObject({ exitCode: 0 });
});

test('a build whose lock another machine took over stops with status 4', async () => {
  const { args, cwd, env } = await prepareGatedBuild();
  const running = startCommand(args, { cwd, env });
  const lock = join(cwd, 'tables', '.build', 'lock');
  let text = '';
  while (!text) text = await readFile(lock, 'utf8').catch(() => '');
  await rm(lock);
  const successor = text.replace(/"token":"[^"]*"/, '"token":"of-another"');
  await writeFile(lock, successor);
  const { exitCode, stderr } = await running;
  expect(stderr).toContain('another one has taken over the lock');
  expect(exitCode).toBe(4);
  expect(await readFile(lock, 'utf8')).toBe(successor);
});
