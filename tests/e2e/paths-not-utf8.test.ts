import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { kindOfOption } from '../../src/cli/flag.js';
import { PATH_KEYS } from '../../src/cli/path-check.js';
import { createProgram } from '../../src/cli/program.js';
import { COMMAND, createFolder, readNeutralEnvironment, runCommand } from './harness.js';

/** A name in Latin-1, as shells make it; Node itself cannot pass it on. */
const CAFE = `$(printf 'caf\\351')`;
const WHY = /^sigtables: .*Node cannot name such paths: rename it, or .*\n$/;

/** Runs the command by a shell in `cwd`, with `line` as its arguments. */
async function runInShell(cwd: string, line: string, before = '') {
  const script = `${before} "${process.execPath}" "${COMMAND}" ${line}`;
  return execa('sh', ['-c', script], {
    cwd,
    reject: false,
    extendEnv: false,
    env: readNeutralEnvironment(),
    stripFinalNewline: false,
  });
}

let cwd: string;

beforeAll(async () => {
  cwd = await createFolder();
  const folder = Buffer.concat([Buffer.from(`${cwd}/`), Buffer.from('caf\u00e9', 'latin1')]);
  mkdirSync(folder);
  const file = Buffer.concat([folder, Buffer.from('/mine.mjs')]);
  writeFileSync(file, 'export default {};');
});

describe.skipIf(process.platform !== 'linux')('a path that is not UTF-8 is refused', () => {
  test.each([
    ['--out', `build --range 1e3 --out "${CAFE}/tables"`],
    ['--out', `plan --range 1e3 --out "${CAFE}/tables"`],
    ['--signature', `build --range 1e3 --signature "${CAFE}/mine.mjs"`],
    ['--signature', `sign 5 --signature "${CAFE}/mine.mjs"`],
    ['--config', `--config "${CAFE}/own.json" build --range 1e3`],
    ['--queue-file', `build --range 1e3 --queue-file "${CAFE}/queue"`],
    ['--queue-ca', `status --queue rediss://localhost --queue-ca "${CAFE}/ca"`],
    ['--root', `worker --queue redis://localhost --root "${CAFE}"`],
    ['--signature', `worker --queue redis://localhost --signature "${CAFE}/mine.mjs"`],
    ['--tables', `lookup 1667 --tables "${CAFE}"`],
    ['--tables', `find 7 --tables "${CAFE}"`],
    ['<folder>', `verify "${CAFE}"`],
    ['<folder>', `report "${CAFE}"`],
    ['<folder>', `merge a "${CAFE}" --out b`],
    ['<folder>', `doctor "${CAFE}"`],
    ['<file>', `init-signature "${CAFE}/new.ts"`],
    ['--out', `report tables --out "${CAFE}/report.html"`],
  ])('as %s of %s', async (name, line) => {
    const { exitCode, stderr, stdout } = await runInShell(cwd, line);
    expect(stderr).toMatch(WHY);
    expect(stderr.startsWith(`sigtables: ${name} "caf\uFFFD`)).toBe(true);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(readdirSync(cwd, { encoding: 'latin1' })).toEqual(['caf\u00e9']);
  });

  test.each([
    ['SIGTABLES_OUT', 'build --range 1e3'],
    ['SIGTABLES_TABLES', 'verify'],
    ['SIGTABLES_TABLES', 'lookup 1667'],
  ])('as %s, a variable, of %s', async (name, line) => {
    const { exitCode, stderr } = await runInShell(cwd, line, `${name}="${CAFE}"`);
    expect(stderr).toMatch(WHY);
    expect(stderr.startsWith(`sigtables: ${name} "caf`)).toBe(true);
    expect(exitCode).toBe(2);
  });

  test.each([
    'build --range 1e3',
    'build --range 1e3 --out /tmp/sigtables-not-made',
    'verify .',
    'lookup 1667',
    'report .',
    'plan --range 1e3',
    'init-signature new.ts',
    'doctor',
    'sign 5 --signature ./mine.mjs',
  ])('as the current folder, by %s', async (line) => {
    const { exitCode, stderr } = await runInShell(cwd, line, `cd "${CAFE}" &&`);
    expect(stderr).toMatch(/^sigtables: the current folder, ".*", has a name that is not UTF-8/);
    expect(exitCode).toBe(2);
    const folder = Buffer.concat([Buffer.from(`${cwd}/`), Buffer.from('caf\u00e9', 'latin1')]);
    expect(readdirSync(folder)).toEqual(['mine.mjs']);
  });
});

test('a command that needs no path runs in such a folder', async () => {
  const { exitCode, stdout } = await runInShell(cwd, 'sign 6967', `cd "${CAFE}" &&`);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '6967\t1667\n' });
});

test('a folder whose name holds U+FFFD itself is one like others', async () => {
  const folder = await createFolder();
  const named = join(folder, 'a\uFFFDb');
  await mkdir(named);
  await writeFile(join(named, 'sigtables.config.json'), '{"range": "1e3"}');
  expect(await runCommand(['build', '--out', 'tables'], { cwd: named })).toMatchObject({ exitCode: 0 });
  expect(await runCommand(['verify', 'a\uFFFDb/tables'], { cwd: folder })).toMatchObject({ exitCode: 0 });
  const out = ['report', 'a\uFFFDb/tables', '--out', 'a\uFFFDb/new/report.html'];
  expect(await runCommand(out, { cwd: folder })).toMatchObject({ exitCode: 0 });
  onTestFinished(async () => expect(await readdir(folder)).toEqual(['a\uFFFDb']));
});

test('all flags that take a path are known', () => {
  const options = createProgram().commands.flatMap((command) => command.options);
  const paths = options.filter((option) => ['folder', 'file'].includes(kindOfOption(option)));
  expect([...new Set(paths.map((option) => option.attributeName()))].sort()).toEqual([...PATH_KEYS].sort());
});
