import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { testWith } from '../../programs.js';
import { measureDisk } from '../../../src/cli/doctor/disk-speed.js';
import { describeFolder, findFileSystem } from '../../../src/cli/doctor/folder.js';
import type { Report } from '../../../src/cli/doctor/report.js';
import { findWarnings } from '../../../src/cli/doctor/warnings.js';
import { COMMAND, createFolder, runCommand } from '../../e2e/harness.js';

async function readReport(
  args: readonly string[],
  options: Parameters<typeof runCommand>[1] = {},
): Promise<Report> {
  const { stdout, stderr, exitCode } = await runCommand(['doctor', '--json', ...args], options);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return JSON.parse(stdout) as Report;
}

describe('doctor', () => {
  it('tells versions, CPUs, memory, limits, folder, disk and parts', async () => {
    const cwd = await createFolder();
    const report = await readReport([], { cwd, env: { SLURM_CPUS_PER_TASK: '1' } });
    expect(report).toMatchObject({
      schemaVersion: 1,
      command: 'doctor',
      versions: { sigtables: '0.1.0', node: process.versions.node, v8: process.versions.v8 },
      cpus: { used: { cpus: 1 } },
      disk: { writtenBytes: 256 * 2 ** 20 },
      optionalParts: { bullmq: expect.stringMatching(/^\d+\./), '@bull-board/api': expect.any(String) },
      config: { file: null },
    });
    expect(report.cpus.bounds).toContainEqual({ cpus: 1, source: 'SLURM_CPUS_PER_TASK' });
    expect(report.memory.totalBytes).toBeGreaterThanOrEqual(report.memory.availableBytes);
    expect(report.disk?.bytesPerSecond).toBeGreaterThan(0);
    expect(report.folder).toMatchObject({ path: join(cwd, 'tables'), existing: cwd });
    expect(await readdir(cwd)).toEqual([]);
  });

  it('prints a line for each, and measures nothing when told so', async () => {
    const { stdout, exitCode } = await runCommand(['doctor', '--no-measure']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^sigtables +0\.1\.0\nnode +\d+/);
    expect(stdout).toMatch(/^cpus +\d+ used, by /m);
    expect(stdout).toMatch(/^disk +not measured$/m);
    expect(stdout.split('\n').filter((line) => line !== '' && !/^\S.*? {2,}\S/.test(line))).toEqual([]);
  });

  it('keeps what is secret: variables, and the name of the home folder', async () => {
    const home = await createFolder();
    await mkdir(join(home, 'work'));
    const env = {
      HOME: home,
      DATABASE_PASSWORD: 'hunter2hunter2',
      SIGTABLES_REDIS: 'redis://:hunter2hunter2@x',
    };
    const { stdout } = await runCommand(['doctor', '--json', '--no-measure'], {
      cwd: join(home, 'work'),
      env,
    });
    expect(stdout).not.toContain('hunter2');
    expect(stdout).not.toContain(home);
    expect((JSON.parse(stdout) as Report).folder.existing).toBe('~/work');
  });

  it('tells of the config, also of a broken one', async () => {
    const cwd = await createFolder();
    await writeFile(join(cwd, '.sigtablesrc'), '{"out": "elsewhere"}');
    const report = await readReport(['--no-measure'], { cwd });
    expect(report).toMatchObject({
      config: { file: '.sigtablesrc' },
      folder: { path: join(cwd, 'elsewhere') },
    });
    await writeFile(join(cwd, '.sigtablesrc'), '{');
    const broken = await readReport(['--no-measure'], { cwd });
    expect(broken.config.error).toContain('.sigtablesrc is broken');
    expect(broken.warnings.join()).toContain('the config is not usable');
  });

  testWith('bash', 'tells limits, and of a disk that takes no file of that size', async () => {
    const cwd = await createFolder();
    const command = `ulimit -n 300 -f 2048; exec "$0" "$1" doctor --json .`;
    const { stdout } = await execa('bash', ['-c', command, process.execPath, COMMAND], { cwd });
    const report = JSON.parse(stdout) as Report;
    expect(report.limits).toEqual({ openFiles: 300, fileBytes: 2048 * 1024 });
    expect(report.disk?.error).toContain('EFBIG');
    expect(report.warnings.join('\n')).toMatch(
      /300 open files[^]*files may have 2\.10 MB[^]*could not be measured/,
    );
    expect(await readdir(cwd)).toEqual([]);
  });

  it('refuses an empty folder name', async () => {
    expect(await runCommand(['doctor', ''])).toMatchObject({
      stderr: expect.stringContaining('the folder is empty'),
      exitCode: 2,
    });
  });
});

describe('measureDisk', () => {
  it('leaves nothing behind', async () => {
    const folder = await createFolder();
    const disk = await measureDisk(folder, 1e6);
    expect(disk.writtenBytes).toBeGreaterThanOrEqual(1e6);
    expect(disk.syncMaxMs).toBeGreaterThanOrEqual(disk.syncMedianMs ?? Infinity);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says why it could not', async () => {
    const folder = await createFolder();
    expect(await measureDisk(folder, 1e18)).toMatchObject({
      bytesPerSecond: null,
      error: 'too little space to measure',
    });
    expect((await measureDisk(join(folder, 'gone'))).error).toContain('ENOENT');
  });
});

describe('the file system', () => {
  it('is that of the nearest mount', async () => {
    const root = await createFolder();
    await mkdir(join(root, 'proc/self'), { recursive: true });
    const mounts = [
      '22 27 0:21 / / rw - ext4 /dev/vda rw',
      '23 27 0:22 / /data rw,relatime shared:1 - xfs /dev/vdb rw',
      '24 27 0:22 / /data/on\\040server rw - nfs4 host:/x rw,password=secret',
      '25 27 0:22 / /data rw - btrfs /dev/vdc rw',
    ];
    await writeFile(join(root, 'proc/self/mountinfo'), mounts.join('\n'));
    expect(findFileSystem('/home', root)).toBe('ext4');
    expect(findFileSystem('/database', root)).toBe('ext4');
    expect(findFileSystem('/data', root)).toBe('btrfs');
    expect(findFileSystem('/data/on server/a', root)).toBe('nfs4');
  });

  it('is unknown where /proc does not say', async () => {
    const folder = await createFolder();
    const report = await describeFolder(join(folder, 'a', 'b'), folder);
    expect(report).toMatchObject({ existing: folder, fileSystem: null, isNetwork: false });
    expect(report.freeBytes).toBeGreaterThan(0);
  });
});

describe('findWarnings', () => {
  const facts = {
    limits: { openFiles: 100_000, fileBytes: 'unlimited' },
    folder: {
      path: '/a',
      existing: '/a',
      fileSystem: 'ext4',
      isNetwork: false,
      freeBytes: 1e12,
      freeInodes: 1e7,
    },
    disk: null,
    config: { file: null },
  } as Parameters<typeof findWarnings>[0];

  it('is silent where all is well', () => {
    expect(findWarnings(facts)).toEqual([]);
  });

  it('tells of network disks and few inodes', () => {
    const folder = { ...facts.folder, fileSystem: 'nfs4', isNetwork: true, freeInodes: 5 };
    expect(findWarnings({ ...facts, folder })).toEqual([
      expect.stringContaining('nfs4 is a network file system'),
      'only 5 files can be made in the folder',
    ]);
  });
});
