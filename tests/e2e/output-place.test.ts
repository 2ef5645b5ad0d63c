import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFolder, hashFolder, runCommand } from './harness.js';
import { testWith } from '../programs.js';
import { DEMOTING_PROGRAMS, mountMemory, remountReadOnly, runAsOrdinaryUser } from './places.js';
import { expectRefusal, expectRefused } from './refusal.js';
import { startBuild } from './running-build.js';
import { listFiles } from './snapshot.js';

const DISK_FULL = /^sigtables: [^\n]*the disk is full \(ENOSPC\); finished jobs are kept;[^\n]*\n$/m;
const BUILD = ['build', '--range', '1e4', '--out', 'tables'];

describe('an output place that is no folder', () => {
  test('a file', async () => {
    const cwd = await createFolder();
    await writeFile(join(cwd, 'tables'), 'mine');
    await expectRefusal(BUILD, 5, /--out: tables is not a folder/, { cwd });
    await expectRefusal([...BUILD, '--force'], 5, /--out: tables is not a folder/, { cwd });
    await expectRefusal(['plan', ...BUILD.slice(1)], 5, /--out: .*tables is not a folder/, { cwd });
  });

  test('below a file', async () => {
    const cwd = await createFolder();
    await writeFile(join(cwd, 'file'), 'mine');
    const reason = /--out: .*file.* is not a folder/;
    await expectRefusal(['build', '--range', '1e4', '--out', 'file/tables'], 5, reason, { cwd });
  });

  test('a link to itself, and a name that is too long', async () => {
    const cwd = await createFolder();
    await symlink('tables', join(cwd, 'tables'));
    await expectRefusal(BUILD, 5, /tables: a symbolic link stands where none may/, { cwd });
    await expectRefusal(['plan', ...BUILD.slice(1)], 5, /tables: a symbolic link stands where none may/, {
      cwd,
    });
    await expectRefusal([...BUILD.slice(0, -1), 'x'.repeat(300)], 5, /the name is too long/, { cwd });
  });

  test('a link to nowhere', async () => {
    const cwd = await createFolder();
    await symlink('nowhere', join(cwd, 'tables'));
    await expectRefusal(BUILD, 5, /tables/, { cwd });
  });
});

describe('an output place that may not be written to', () => {
  testWith(DEMOTING_PROGRAMS, 'a folder of somebody else', async () => {
    const cwd = await createFolder();
    await mkdir(join(cwd, 'tables'), { mode: 0o555 });
    const result = await runAsOrdinaryUser(BUILD, cwd);
    expectRefused(result, 5, /--out: cannot write in \S*tables: this user may not write there/);
  });

  testWith(DEMOTING_PROGRAMS, 'a folder that is to be made in one of somebody else', async () => {
    const cwd = await createFolder();
    await mkdir(join(cwd, 'parent'), { mode: 0o555 });
    const result = await runAsOrdinaryUser([...BUILD.slice(0, -1), 'parent/a/b'], cwd);
    expectRefused(result, 5, /--out: cannot write in \S*parent: this user may not write there/);
  });

  testWith(DEMOTING_PROGRAMS, 'a folder that may not even be looked into', async () => {
    const cwd = await createFolder();
    await mkdir(join(cwd, 'tables'), { mode: 0o000 });
    expectRefused(await runAsOrdinaryUser(BUILD, cwd), 5, /tables.* may not/);
  });

  testWith(DEMOTING_PROGRAMS, 'a folder in one that may not be looked into', async () => {
    const cwd = await createFolder();
    await mkdir(join(cwd, 'parent'), { mode: 0o000 });
    const out = [...BUILD.slice(1, -1), 'parent/tables'];
    expectRefused(await runAsOrdinaryUser(['build', ...out], cwd), 5, /parent.* may not/);
    expectRefused(await runAsOrdinaryUser(['plan', ...out], cwd), 5, /parent.* may not/);
  });

  test('a disk that is mounted read-only', async (context) => {
    const cwd = await mountMemory(context, 'size=1m');
    await remountReadOnly(cwd);
    await expectRefusal(BUILD, 5, /--out: cannot write in \S*: it is mounted read-only/, { cwd });
  });
});

describe('an output place that is too small', () => {
  test('too few bytes', async (context) => {
    const cwd = await mountMemory(context, 'size=1m');
    const build = [...BUILD, '--range', '1e6', '--layout', 'single'];
    await expectRefusal(build, 5, /--out: tables needs 7\d{6} bytes more, and its disk has \d+ free/, {
      cwd,
    });
    expect(await listFiles(cwd)).toEqual([]);
  });

  test('bytes enough for the tables, but not for the blocks of their files', async (context) => {
    const cwd = await mountMemory(context, 'size=1m');
    // 0.1 MB in some thousand files, each of which takes a block of 4 KiB.
    await expectRefusal(BUILD, 5, /--out: tables needs \d+ bytes more/, { cwd });
    expect(await listFiles(cwd)).toEqual([]);
  });

  test('bytes enough for no counts, which follow from a formula', async (context) => {
    const cwd = await mountMemory(context, 'size=100k');
    const counts = [...BUILD, '--aggregate', 'count'];
    await expectRefusal(counts, 5, /--out: tables needs \d+ bytes more, .*\(\d+ too few\)/, { cwd });
    expect(await listFiles(cwd)).toEqual([]);
  });

  test('too few inodes', async (context) => {
    const cwd = await mountMemory(context, 'size=100m,nr_inodes=200');
    await expectRefusal(
      BUILD,
      5,
      /--out: tables needs \d+ files more, and its disk takes \d+: .*--layout single/,
      {
        cwd,
      },
    );
    expect(await listFiles(cwd)).toEqual([]);
  });

  test('just large enough, with what an interrupted build has written already', async (context) => {
    const cwd = await mountMemory(context, 'size=2m');
    const build = ['build', '--range', '2e5', '--layout', 'single', '--out', 'tables'];
    expect(await runCommand(build, { cwd })).toMatchObject({ exitCode: 0 });
    const elsewhere = await runCommand(build);
    expect(await hashFolder(join(cwd, 'tables'))).toEqual(await hashFolder(join(elsewhere.cwd, 'tables')));
  });

  test('it fills up meanwhile: what is done is kept, and the same command goes on', async (context) => {
    const cwd = await mountMemory(context, 'size=30m');
    const args = ['--range', '3e6', '--chunk', '10_000', '--layout', 'single', '--out', 'tables'];
    const running = startBuild(args, cwd);
    expect(await running.says(/ on \d+ CPUs?\n/)).toBe(true);
    await writeFile(join(cwd, 'filler'), Buffer.alloc(20e6));
    const { exitCode, stderr } = await running.process;
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(DISK_FULL) });
    await rm(join(cwd, 'filler'));
    expect(await runCommand(['build', ...args], { cwd })).toMatchObject({ exitCode: 0 });
    const elsewhere = await runCommand(['build', ...args]);
    expect(await hashFolder(join(cwd, 'tables'))).toEqual(await hashFolder(join(elsewhere.cwd, 'tables')));
  });

  test('another table set of the same size fits in its place', async (context) => {
    const cwd = await mountMemory(context, 'size=8m');
    const build = ['build', '--layout', 'single', '--out', 'tables', '-q'];
    expect(await runCommand([...build, '--range', '8e5'], { cwd })).toMatchObject({ exitCode: 0 });
    const other = [...build, '--range', '100..8e5', '--force'];
    expect(await runCommand(other, { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
  });
});
