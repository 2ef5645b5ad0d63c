import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readJobData } from '../../src/distributed/job-data.js';
import {
  describeOut,
  encodeToken,
  findJobsFolder,
  resultsFolderOf,
} from '../../src/distributed/job-folder.js';

const WANTED = readJobData('b0123456789ab-3', {
  format: 2,
  build: 'b0123456789ab',
  token: 'a'.repeat(32),
  job: 3,
  out: 'tables',
  start: '0',
  end: '1000',
  chunk: '100',
  layout: 'single',
  nameDigits: 4,
  signature: { name: 'reduced', version: '1' },
  aggregate: 'sum',
  yields: 'spool',
  partitions: 1,
  setLayout: 'single',
  sync: true,
});

let base: string;
let root: string;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'sigtables-root-')));
  root = join(base, 'root');
  await mkdir(root);
});

afterEach(async () => {
  await rm(base, { recursive: true, force: true });
});

async function makeResults(out: string, token = encodeToken(WANTED)): Promise<string> {
  const folder = resultsFolderOf(out, WANTED.build);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'token'), token);
  return folder;
}

describe('findJobsFolder', () => {
  test('gives the folder with the token', async () => {
    const folder = await makeResults(join(root, 'tables'));
    await expect(findJobsFolder(root, WANTED, 0)).resolves.toBe(folder);
  });

  test('follows a link to an output folder elsewhere in the root', async () => {
    await makeResults(join(root, 'real'));
    await symlink(join(root, 'real'), join(root, 'tables'));
    await expect(findJobsFolder(root, WANTED, 0)).resolves.toBe(
      resultsFolderOf(join(root, 'tables'), WANTED.build),
    );
  });

  test.each([
    ['the output folder', ''],
    ['the build folder', '.build'],
    ['the folder of jobs', '.build/jobs'],
    ['the folder of results', `.build/jobs/${WANTED.build}`],
  ])('refuses a link out of the root at %s', async (_, link) => {
    await makeResults(join(base, 'outside'));
    const place = join(root, 'tables', link);
    await mkdir(join(place, '..'), { recursive: true });
    await symlink(join(base, 'outside', link), place);
    await expect(findJobsFolder(root, WANTED, 0)).rejects.toMatchObject({ code: 'JOB' });
  });

  test('refuses a link within the output folder to another build', async () => {
    const other = await makeResults(join(root, 'other'));
    await mkdir(join(root, 'tables', '.build', 'jobs'), { recursive: true });
    await symlink(other, resultsFolderOf(join(root, 'tables'), WANTED.build));
    await expect(findJobsFolder(root, WANTED, 0)).rejects.toMatchObject({ code: 'JOB' });
  });

  test('says of a folder that is not there, or of another build, that it is not seen', async () => {
    await expect(findJobsFolder(root, WANTED, 0)).rejects.toMatchObject({ code: 'OUTPUT' });
    await makeResults(join(root, 'tables'), 'b'.repeat(32));
    await expect(findJobsFolder(root, WANTED, 0)).rejects.toThrow(/another build is there/);
  });

  test('refuses a job of the build that is not what the build gives out', async () => {
    await makeResults(join(root, 'tables'));
    const changed = { ...WANTED, aggregate: 'count' };
    await expect(findJobsFolder(root, changed, 0)).rejects.toThrow(
      /^job b0123456789ab-3 of the queue is not what the build in .* gives out; nothing was done for it/,
    );
    await expect(findJobsFolder(root, { ...WANTED, job: 4 }, 0)).resolves.toMatch(/b0123456789ab$/);
  });

  test('waits for a folder that a network mount shows late', async () => {
    const found = findJobsFolder(root, WANTED, 60_000);
    const folder = await makeResults(join(root, 'tables'));
    await expect(found).resolves.toBe(folder);
  });
});

test('an output folder out of the root is refused', async () => {
  await mkdir(join(base, 'outside'));
  await expect(describeOut(join(base, 'outside'), root)).rejects.toMatchObject({ code: 'USAGE' });
  await expect(describeOut(root, root)).rejects.toMatchObject({ code: 'USAGE' });
  await mkdir(join(root, 'a', 'b'), { recursive: true });
  await expect(describeOut(join(root, 'a', 'b'), root)).resolves.toBe('a/b');
});
