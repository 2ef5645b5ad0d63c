import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { createFolder, runCommand } from './harness.js';
import { testWith } from '../programs.js';
import { runWithOpenFiles } from './places.js';
import { expectRefusal } from './refusal.js';

// Table sets may come from somebody else; tests/faults has many more such cases.

const BUILD = ['build', '--range', '60', '--out', 'tables', '--progress', 'none'];
const OTHER = ['build', '--range', '10..50', '--out', 'tables', '--progress', 'none', '--force'];

let cwd: string;

beforeEach(async () => {
  cwd = await createFolder();
  expect(await runCommand(BUILD, { cwd })).toMatchObject({ exitCode: 0 });
  await mkdir(join(cwd, 'outside', 'spool'), { recursive: true });
  await writeFile(join(cwd, 'outside', 'secret.json'), 'secret');
  await writeFile(join(cwd, 'outside', 'journal'), 'secret');
});

async function expectSecretsKept(): Promise<void> {
  for (const name of ['secret.json', 'journal'])
    expect(await readFile(join(cwd, 'outside', name), 'utf8')).toBe('secret');
}

/** Changes the manifest; its checksum holds. */
async function changeManifest(from: RegExp, to: string): Promise<void> {
  const path = join(cwd, 'tables', 'manifest.json');
  const text = await readFile(path, 'utf8');
  const body = text.slice(0, text.indexOf('"checksum"')).replace(from, to);
  const digest = createHash('sha256').update(body).digest('hex');
  await writeFile(path, `${body}"checksum":"sha256:${digest}"\n}\n`);
}

test('a journal that names files elsewhere has none of them removed', async () => {
  const plan = { signature: 'mine', start: '0', end: '9', layout: 'signature', chunk: '9', nameDigits: 1 };
  const header = { type: 'header', format: 1, writer: '0.1.0', plan, planHash: 'x' };
  const records = [header, { type: 'files', names: ['../outside/secret.json'] }];
  const lines = records.map((record) => {
    const json = JSON.stringify(record);
    return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
  });
  await mkdir(join(cwd, 'tables', '.build'));
  await writeFile(join(cwd, 'tables', '.build', 'journal'), lines.join(''));
  expect(await runCommand(OTHER, { cwd })).toMatchObject({ exitCode: 0 });
  await expectSecretsKept();
});

describe('a link in the place of', () => {
  test.each([
    ['the build folder', '.build', 'outside'],
    ['the journal', '.build/journal', 'outside/journal'],
    ['the spool', '.build/spool', 'outside/spool'],
  ])('%s: nothing is written through it', async (_what, name, target) => {
    await mkdir(join(cwd, 'tables', name, '..'), { recursive: true });
    await symlink(join(cwd, target), join(cwd, 'tables', name));
    const reason = /tables holds \.build.*, which sigtables did not write.*move it away/;
    await expectRefusal(OTHER, 2, reason, { cwd });
    await expectRefusal(['verify', 'tables', '--repair', '--progress', 'none'], 2, reason, { cwd });
    await expectSecretsKept();
  });

  test('a table: it is not merged', async () => {
    const path = join(cwd, 'tables', '0211.json');
    await rename(path, join(cwd, 'outside', 'moved.json'));
    await symlink(join(cwd, 'outside', 'moved.json'), path);
    await expectRefusal(['merge', 'tables', '--out', 'merged'], 3, /0211\.json is not a plain file/, { cwd });
  });
});

test('a pipe in the place of the journal keeps nobody waiting', async () => {
  await mkdir(join(cwd, 'tables', '.build'));
  execFileSync('mkfifo', [join(cwd, 'tables', '.build', 'journal')]);
  await expectRefusal(OTHER, 2, /\.build\/journal, which sigtables did not write/, { cwd });
});

test('files of more bytes than any disk has are checked in no time', async () => {
  const bytes = 2n ** 62n;
  await changeManifest(/("file":"0211\.json","bytes":)"\d+"/, `$1"${bytes}"`);
  const text = await readFile(join(cwd, 'tables', 'manifest.json'), 'utf8');
  const sizes = [...text.matchAll(/^\{"file":"[^"]*","bytes":"(\d+)"/gm)].map(([, size = '0']) =>
    BigInt(size),
  );
  const sum = sizes.reduce((total, size) => total + size, 0n);
  await changeManifest(/^"bytes":"\d+"/m, `"bytes":"${sum}"`);
  const { exitCode, stdout } = await runCommand(['verify', 'tables', '--progress', 'none'], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: expect.stringContaining('0211.json') });
});

test('a repair that may not write says so', async () => {
  await rm(join(cwd, 'tables', '0211.json'));
  await writeFile(join(cwd, 'tables', '.build'), 'somebody else');
  await expectRefusal(['verify', 'tables', '--repair', '--progress', 'none'], 2, /\.build, which/, { cwd });
});

testWith(
  'prlimit',
  'too few files that may be open are said to be too few, wherever that strikes',
  async () => {
    for (const openFiles of [30, 34, 38]) {
      const { exitCode, stderr } = await runWithOpenFiles(openFiles, BUILD);
      if (exitCode === 0) continue;
      expect({ exitCode, stderr }).toEqual({ exitCode: 5, stderr: expect.stringContaining('may not open') });
    }
  },
);
