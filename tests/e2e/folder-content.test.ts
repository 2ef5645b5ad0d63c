import { mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFolder, hashFolder, runCommand } from './harness.js';
import { expectRefusal } from './refusal.js';
import { interruptBuild } from './running-build.js';
import { listFiles, takeSnapshot } from './snapshot.js';

const THIS = ['build', '--range', '3000', '--out', 'tables'];
const OTHER = ['build', '--range', '200..2000', '--out', 'tables', '--layout', 'job', '--chunk', '100'];
const MANY_JOBS = ['--range', '2e6', '--chunk', '2000', '--layout', 'single', '--out', 'tables'];

let cwd: string;
let folder: string;
let thisSet: Record<string, string>;

beforeAll(async () => {
  thisSet = await hashSetOf(THIS);
});

beforeEach(async () => {
  cwd = await createFolder();
  folder = join(cwd, 'tables');
});

/** What a command leaves in an empty folder. */
async function hashSetOf(args: readonly string[]): Promise<Record<string, string>> {
  const { exitCode, cwd: elsewhere } = await runCommand(args);
  expect(exitCode).toBe(0);
  return hashFolder(join(elsewhere, 'tables'));
}

async function succeed(args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand([...args, '--progress', 'none'], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

/** Puts a file of somebody else into the output folder. */
async function addForeign(name: string): Promise<void> {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), `this is ${name}`);
}

/** Expects `args` to be refused, and not to touch anything in the folder. */
async function expectUntouched(args: readonly string[], exitCode: number, reason: RegExp): Promise<void> {
  const before = await takeSnapshot(folder);
  await expectRefusal(args, exitCode, reason, { cwd });
  expect(await takeSnapshot(folder)).toEqual(before);
}

describe('files of others', () => {
  test('are in the way, and untouched', async () => {
    await addForeign('notes.txt');
    await addForeign('sub/more.txt');
    await expectUntouched(
      THIS,
      2,
      /--out: tables holds files of others, such as (notes\.txt|sub): .*--force/,
    );
  });

  test('with --force are built beside', async () => {
    await addForeign('notes.txt');
    await addForeign('sub/more.txt');
    const before = await takeSnapshot(folder);
    await succeed([...THIS, '--force']);
    expect(await takeSnapshot(folder)).toMatchObject(before);
    expect(await hashFolder(folder)).toMatchObject(thisSet);
  });

  test.each(['0667.json', 'manifest.json'])('are not replaced, with --force neither: %s', async (name) => {
    await addForeign(name);
    await expectUntouched(THIS, 2, /--out: tables holds /);
    await expectUntouched(
      [...THIS, '--force'],
      2,
      new RegExp(`--out: tables holds ${name}, which sigtables did not`),
    );
  });

  test('that came into a complete table set stay, whatever is built', async () => {
    await succeed(THIS);
    await addForeign('notes.txt');
    expect(await succeed(THIS)).toMatch(/^Nothing to do/);
    await expectUntouched(OTHER, 2, /--out: tables holds the table set 10\.\.3000/);
    await succeed([...OTHER, '--force']);
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('this is notes.txt');
  });

  test("hidden ones are nobody's business", async () => {
    await addForeign('.gitignore');
    await succeed(THIS);
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe('this is .gitignore');
  });
});

describe('another table set', () => {
  test('is in the way, and untouched', async () => {
    await succeed(OTHER);
    await expectUntouched(
      THIS,
      2,
      /--out: tables holds the table set 200\.\.2000 \(signature reduced, layout job\): .*--force/,
    );
  });

  test.each([
    ['range', ['--range', '201..2000']],
    ['layout', ['--layout', 'single']],
    ['chunk', ['--chunk', '200']],
  ])('is one of another %s', async (_what, change) => {
    await succeed(OTHER);
    await expectUntouched([...OTHER, ...change], 2, /--out: tables holds the table set 200\.\.2000/);
  });

  test('with --force is replaced whole', async () => {
    await succeed(OTHER);
    await succeed([...THIS, '--force']);
    expect(await hashFolder(folder)).toEqual(thisSet);
  });

  test('with --force is replaced by one with files of the same names', async () => {
    await succeed(['build', '--range', '5000..9000', '--out', 'tables']);
    await succeed([...THIS, '--force']);
    expect(await hashFolder(folder)).toEqual(thisSet);
  });
});

describe('the same table set', () => {
  test('is not built again, by whatever means', async () => {
    await succeed(THIS);
    const before = await takeSnapshot(folder);
    for (const more of [[], ['--force'], ['--cpus', '1', '--chunk', '50'], ['--no-sync']]) {
      expect(await succeed([...THIS, ...more])).toMatch(
        /^Nothing to do: tables already holds this table set/,
      );
    }
    expect(await takeSnapshot(folder)).toEqual(before);
  });

  test.each([
    ['is gone', (path: string) => rm(path)],
    ['has 3 bytes instead of \\d+', (path: string) => truncate(path, 3)],
  ])('with a file that %s is refused, and built again with --force', async (what, damage) => {
    await succeed(THIS);
    await damage(join(folder, '0667.json'));
    await expectUntouched(THIS, 3, new RegExp(`tables/0667\\.json ${what}: .* --force`));
    await succeed([...THIS, '--force']);
    expect(await hashFolder(folder)).toEqual(thisSet);
  });

  test.each([
    ['cut short', (text: string) => text.slice(0, 500)],
    ['changed in one place', (text: string) => text.replace('"2990"', '"2991"')],
    ['changed in the version', (text: string) => text.replace('"version":"1"', '"version":"2"')],
  ])('with a manifest that is %s is refused, and built again with --force', async (_what, damage) => {
    await succeed(THIS);
    const path = join(folder, 'manifest.json');
    const [text, damaged] = [await readFile(path, 'utf8'), damage(await readFile(path, 'utf8'))];
    expect(damaged).not.toBe(text);
    await writeFile(path, damaged);
    await expectUntouched(THIS, 2, /--out: tables holds a table set whose manifest is damaged: .*--force/);
    await succeed([...THIS, '--force']);
    expect(await hashFolder(folder)).toEqual(thisSet);
  });
});

describe('an unfinished build of something else', () => {
  beforeEach(async () => {
    expect(await interruptBuild(MANY_JOBS, cwd, 'SIGINT')).toMatchObject({ exitCode: 130 });
  });

  test('is in the way, and untouched', async () => {
    const reason =
      /--out: tables holds an unfinished build of --range 10\.\.2000000 --layout single --chunk 2000: /;
    await expectUntouched(THIS, 2, reason);
    await expectUntouched(['build', ...MANY_JOBS, '--chunk', '1000'], 2, reason);
  });

  test('with --force is replaced whole', async () => {
    await addForeign('notes.txt');
    await succeed([...THIS, '--force']);
    await rm(join(folder, 'notes.txt'));
    expect(await hashFolder(folder)).toEqual(thisSet);
  });
});

describe('what a build leaves that is killed', () => {
  test('while it replaces a table set: the next one does not take the rest for files of others', async () => {
    await succeed(OTHER);
    await addForeign('notes.txt');
    await mkdir(join(folder, '.build'));
    await rename(join(folder, 'manifest.json'), join(folder, '.build', 'manifest.json'));
    await rm(join(folder, '0300-0400.json'));
    await succeed([...OTHER, '--layout', 'single', '--force']);
    expect(await listFiles(folder)).toEqual(['manifest.json', 'notes.txt', 'table.json']);
  });

  test('right behind its commit: the next one tidies up', async () => {
    await succeed(THIS);
    await mkdir(join(folder, '.build'));
    for (const name of ['journal', 'lock']) await writeFile(join(folder, '.build', name), '');
    expect(await succeed(THIS)).toMatch(/^Nothing to do/);
    expect(await hashFolder(folder)).toEqual(thisSet);
    await expect(stat(join(folder, '.build'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('while it writes the manifest: the next one removes the piece', async () => {
    await addForeign('.manifest.json.tmp-4711');
    await succeed(THIS);
    expect(await hashFolder(folder)).toEqual(thisSet);
  });
});
