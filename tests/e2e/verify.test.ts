import { mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryDamage } from '../checks/damage.js';
import { createFolder, hashFolder, runCommand, startCommand, type CommandResult } from './harness.js';
import { expectRefusal } from './refusal.js';
import { listFiles } from './snapshot.js';

const LAYOUTS = ['signature', 'job', 'single'] as const;

async function buildSet(...args: string[]): Promise<string> {
  const cwd = await createFolder();
  const { exitCode } = await runCommand(['build', ...args, '--out', 'tables', '--no-sync', '-q'], { cwd });
  expect(exitCode).toBe(0);
  return cwd;
}

async function verify(cwd: string, ...args: string[]): Promise<CommandResult> {
  return runCommand(['verify', ...args, '--progress', 'none'], { cwd });
}

/** Damages about every third file; the paths of those that are not what they were. */
async function damageFiles(cwd: string, seed: number): Promise<string[]> {
  const names = Object.keys(await hashFolder(join(cwd, 'tables'))).filter((name) => name !== 'manifest.json');
  const damages = fc.sample(arbitraryDamage, { numRuns: names.length, seed });
  const damaged: string[] = [];
  for (const [i, name] of names.entries()) {
    const path = join(cwd, 'tables', name);
    const before = await readFile(path);
    const after = damages[i]?.(before) ?? before;
    if ((names.length > 1 && i % 3 !== seed % 3) || after.equals(before)) continue;
    await writeFile(path, after);
    damaged.push(join('tables', name));
  }
  return damaged.sort();
}

function listNamed(stdout: string): string[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.slice(0, line.indexOf(':')))
    .sort();
}

describe.each(LAYOUTS)('a table set in the layout %s', (layout) => {
  test('is sound, is found damaged where it was damaged, and is repaired to the same bytes', async () => {
    const cwd = await buildSet('--range', '90..4200', '--chunk', '60', '--layout', layout);
    const whole = await hashFolder(join(cwd, 'tables'));
    for (const depth of [[], ['--deep']]) {
      const { exitCode, stdout, stderr } = await verify(cwd, ...depth);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/^Verified tables: .* \(4,110 numbers in [\d,]+ files?, .*\)\n$/);
    }
    for (const seed of [1, 2, 3]) {
      const damaged = await damageFiles(cwd, seed);
      expect(damaged.length).toBeGreaterThan(0);
      for (const depth of [[], ['--deep']]) {
        const { exitCode, stdout, stderr } = await verify(cwd, ...depth);
        expect(exitCode).toBe(3);
        expect(stderr).toMatch(
          /^sigtables: \d+ of \d+ files of tables are missing or damaged; sigtables verify --repair tables /,
        );
        expect(listNamed(stdout)).toEqual(damaged);
        for (const line of stdout.trim().split('\n')) expect(line).toMatch(/[:;] byte \d+: /);
      }
      const { exitCode, stdout } = await verify(cwd, '--repair');
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/\nRepaired \d+ files? of tables: all is as the manifest says\n$/);
      expect(await hashFolder(join(cwd, 'tables'))).toEqual(whole);
      expect(await listFiles(join(cwd, 'tables'))).toEqual(Object.keys(whole).sort());
    }
  });
});

test('files that are missing, or replaced by a link, are named and repaired; others are let be', async () => {
  const cwd = await buildSet('--range', '2000');
  const whole = await hashFolder(join(cwd, 'tables'));
  const at = (name: string): string => join(cwd, 'tables', name);
  await rm(at('0211.json'));
  await rename(at('0212.json'), join(cwd, 'elsewhere.json'));
  await symlink(join(cwd, 'elsewhere.json'), at('0212.json'));
  await writeFile(at('notes.txt'), 'mine');
  const { exitCode, stdout, stderr } = await verify(cwd, '--json');
  expect(exitCode).toBe(3);
  expect(stderr).toContain('tables holds a file that the manifest does not name: notes.txt');
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    command: 'verify',
    outcome: 'damaged',
    numbers: '1990',
    faults: [
      { file: '0211.json', what: 'it is missing' },
      { file: '0212.json', what: 'a symbolic link stands in its place' },
    ],
    unnamed: ['notes.txt'],
  });
  expect(await verify(cwd, '--repair', '-q')).toMatchObject({ exitCode: 0 });
  expect(await readFile(at('notes.txt'), 'utf8')).toBe('mine');
  await rm(at('notes.txt'));
  expect(await hashFolder(join(cwd, 'tables'))).toEqual(whole);
});

test('what is wrong is said with its place', async () => {
  const cwd = await buildSet('--range', '1e6..1_050_000', '--layout', 'single');
  const path = join(cwd, 'tables', 'table.json');
  const text = await readFile(path, 'latin1');
  const number = text.indexOf('1034567');
  await writeFile(path, text.replace('1034567', '1034577'));
  const { stdout } = await verify(cwd);
  expect(stdout).toMatch(/^tables\/table\.json: its CRC-32 is not the one in the manifest; byte \d+: /);
  expect(stdout).toContain(`byte ${number}: 1034577 has the signature 1477, not 1467\n`);
});

test('a folder without manifest, or with a damaged one, is refused, also by --repair', async () => {
  const cwd = await buildSet('--range', '2000');
  await expectRefusal(['verify', 'nowhere'], 3, /no table set in nowhere.*run sigtables build/, { cwd });
  await expectRefusal(['verify', 'nowhere', '--repair'], 3, /no table set in nowhere/, { cwd });
  const path = join(cwd, 'tables', 'manifest.json');
  await writeFile(path, (await readFile(path, 'latin1')).replace('"reduced"', '"reducee"'));
  await expectRefusal(['verify', '--repair'], 3, /manifest\.json is damaged.*sigtables build --force/, {
    cwd,
  });
  expect(await listFiles(join(cwd, 'tables'))).not.toContain('.build/lock');
});

test('a repair that is killed leaves nothing worse: the next one does it', async () => {
  const cwd = await buildSet('--range', '5e6', '--layout', 'job', '--chunk', '50_000');
  const whole = await hashFolder(join(cwd, 'tables'));
  const damaged = Object.keys(whole).filter((name) => name !== 'manifest.json');
  for (const name of damaged) await writeFile(join(cwd, 'tables', name), '{}');
  const running = startCommand(['verify', '--repair', '--progress', 'none'], { cwd });
  running.stderr.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('anew')) setTimeout(() => running.kill('SIGKILL'), 100);
  });
  await running;
  await mkdir(join(cwd, 'tables', '.build', 'repair'), { recursive: true });
  await writeFile(join(cwd, 'tables', '.build', 'repair', damaged[0] ?? ''), 'torn');
  expect(await verify(cwd, '--repair', '-q')).toMatchObject({ exitCode: 0 });
  expect(await hashFolder(join(cwd, 'tables'))).toEqual(whole);
  expect(await listFiles(join(cwd, 'tables'))).toEqual(Object.keys(whole).sort());
});

test.each([
  ['repair', ['verify', '--repair', '--progress', 'none', '-q']],
  ['build', ['build', '--range', '1e4', '--out', 'tables', '-q']],
])('what a repair has left that was killed at its end: the next %s removes it', async (_what, args) => {
  const cwd = await buildSet('--range', '1e4');
  const files = await listFiles(join(cwd, 'tables'));
  await mkdir(join(cwd, 'tables', '.build', 'repair'), { recursive: true });
  await writeFile(join(cwd, 'tables', '.build', 'repair', '0667.json'), 'torn');
  expect(await runCommand(args, { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await listFiles(join(cwd, 'tables'))).toEqual(files);
  await expect(stat(join(cwd, 'tables', '.build'))).rejects.toMatchObject({ code: 'ENOENT' });
});
