import { chown, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findConfigFile } from '../../../src/cli/config/search.js';
import { testUnless } from '../../programs.js';
import { type CommandResult, createFolder, ROOT, runCommand } from '../../e2e/harness.js';

const PLAN = ['plan', '--json'];

/** Makes `files` in a fresh folder and returns it. */
async function createTree(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await createFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

async function planIn(
  cwd: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await runCommand([...PLAN, ...args], { cwd, env });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function refusalIn(cwd: string, args: readonly string[] = []): Promise<string> {
  const { stdout, stderr, exitCode }: CommandResult = await runCommand(['plan', ...args], { cwd });
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  expect(stderr).toMatch(/^sigtables: .*\n$/);
  return stderr.slice('sigtables: '.length, -1);
}

describe('the order', () => {
  it('is flag, variable, config, default', async () => {
    const config = { range: '1e3', layout: 'job', cpus: 3, chunk: 100 };
    const cwd = await createTree({ 'sigtables.config.json': JSON.stringify(config) });
    const found = await planIn(cwd, ['--layout', 'single'], {
      SIGTABLES_LAYOUT: 'signature',
      SIGTABLES_CPUS: '2',
    });
    expect(found).toMatchObject({
      range: { end: '1000' },
      layout: 'single',
      cpus: 2,
      chunk: '100',
      aggregate: 'list',
    });
  });

  it('holds for switches too', async () => {
    const cwd = await createTree({ '.sigtablesrc': '{"json": true, "range": "1e3"}' });
    expect((await runCommand(['plan'], { cwd })).stdout).toMatch(/^\{/);
    expect((await runCommand(['plan'], { cwd, env: { SIGTABLES_JSON: '0' } })).stdout).not.toMatch(/^\{/);
  });

  it('takes another file with --config, and none with --no-config', async () => {
    const cwd = await createTree({
      'sigtables.config.json': '{"range": "1e3"}',
      'other/mine.json': '{"range": "1e4", "out": "here"}',
    });
    expect(await planIn(cwd, ['--config', 'other/mine.json'])).toMatchObject({
      range: { end: '10000' },
      out: 'other/here',
    });
    expect(await refusalIn(cwd, ['--no-config'])).toMatch(/^a range is needed/);
    expect(await refusalIn(cwd, ['--config', 'gone.json'])).toMatch(/^cannot read gone\.json: ENOENT/);
    expect(await refusalIn(cwd, ['--config', 'x.yaml'])).toMatch(
      /^--config x\.yaml is no config: expected .*\.json/,
    );
  });
});

describe('the places', () => {
  it.each([
    ['sigtables.config.json', '{"range": "1e3"}'],
    ['.sigtablesrc', '{"range": "1e3"}'],
    ['.sigtablesrc.json', '\uFEFF{"range": 1000}'],
    ['package.json', '{"name": "x", "sigtables": {"range": "1e3"}}'],
    ['sigtables.config.js', 'module.exports = { range: 10n ** 3n };'],
    ['sigtables.config.mjs', 'export default { range: String(10 ** 3) };'],
    ['sigtables.config.cjs', 'module.exports = { range: "1e3" };'],
    ['sigtables.config.ts', 'const range: string = "1e3"; export default { range };'],
  ])('are %s', async (file, text) => {
    const cwd = await createTree({ [file]: text, 'deep/er/x': '' });
    expect(await planIn(cwd)).toMatchObject({ range: { end: '1000' } });
  });

  it('are looked through upward, the nearest first', async () => {
    const cwd = await createTree({
      '.sigtablesrc': '{"range": "1e3"}',
      'a/.sigtablesrc': '',
      'a/b/c': '',
      'd/e/f': '',
    });
    expect(await planIn(join(cwd, 'd', 'e'))).toMatchObject({ range: { end: '1000' } });
    expect(await refusalIn(join(cwd, 'a', 'b'))).toMatch(/^a range is needed/);
  });

  it('end at the home folder', async () => {
    const top = await createTree({
      '.sigtablesrc': '{"range": "1e3"}',
      'home/.sigtablesrc.json': '{}',
      'home/a/x': '',
    });
    const home = join(top, 'home');
    expect((await findConfigFile(join(home, 'a'), home))?.path).toBe(join(home, '.sigtablesrc.json'));
    expect(await findConfigFile(join(home, 'a'), join(home, 'a'))).toBeUndefined();
  });

  it('are not those of broken files of others', async () => {
    const cwd = await createTree({ 'package.json': '{', '../.sigtablesrc-not': '' });
    expect(await refusalIn(cwd)).toMatch(/^a range is needed/);
    await writeFile(join(cwd, 'package.json'), '{ "sigtables": {');
    expect(await refusalIn(cwd)).toMatch(/^the config package\.json is broken: .*JSON/);
  });
});

describe('code', () => {
  const code = 'export default { range: "1e3" };';

  it('runs in the project of the current folder', async () => {
    const cwd = await createTree({ 'package.json': '{}', 'sigtables.config.mjs': code, 'a/b/x': '' });
    expect(await planIn(join(cwd, 'a', 'b'))).toMatchObject({ range: { end: '1000' } });
  });

  it('does not run from above it', async () => {
    const cwd = await createTree({
      'sigtables.config.mjs': code,
      'a/package.json': '{}',
      'a/b/x': '',
      'c/x': '',
    });
    expect(await refusalIn(join(cwd, 'a', 'b'))).toMatch(/^a range is needed/);
    expect(await refusalIn(join(cwd, 'c'))).toMatch(/^a range is needed/);
    expect(await planIn(join(cwd, 'c'), ['--config', '../sigtables.config.mjs'])).toMatchObject({
      layout: 'signature',
    });
  });

  const reason = process.getuid?.() === 0 ? undefined : 'only root may make files of other users';

  testUnless(reason, 'and data are not taken from other users', async () => {
    const cwd = await createTree({
      'sigtables.config.mjs': code,
      '.sigtablesrc': '{"range": "1e3"}',
      'mine/x': '',
    });
    await chown(join(cwd, '.sigtablesrc'), 4321, 4321);
    expect(await refusalIn(cwd)).toMatch(/^the config \.sigtablesrc belongs to another user/);
    expect(await refusalIn(join(cwd, 'mine'))).toMatch(/belongs to another user/);
    expect(await planIn(cwd, ['--config', '.sigtablesrc'])).toMatchObject({ range: { end: '1000' } });
    expect(await planIn(cwd, [], { SUDO_UID: '4321' })).toMatchObject({ range: { end: '1000' } });
    await symlink(join(cwd, '.sigtablesrc'), join(cwd, 'mine', '.sigtablesrc'));
    expect(await refusalIn(join(cwd, 'mine'))).toMatch(/belongs to another user/);
  });
});

describe('paths', () => {
  it('are those from the file on', async () => {
    const cwd = await createTree({
      'sigtables.config.json':
        '{"range": "1e2", "out": "built", "signature": "./mine.mjs", "option": {"by": 9}}',
      'mine.mjs':
        'import { z } from "zod"; export default { name: "m", version: "1", options: z.object({ by: z.coerce.number().default(7) }), setup: ({ options }) => options, keyOf: (n, { by }) => n % by };',
      'deep/x': '',
    });
    const deep = join(cwd, 'deep');
    expect(await planIn(deep)).toMatchObject({ out: join(cwd, 'built') });
    expect(await planIn(cwd)).toMatchObject({ out: 'built' });
    expect((await runCommand(['sign', '25'], { cwd: deep })).stdout).toBe('25\t7\n');
    expect((await runCommand(['sign', '--option', 'by=4', '25'], { cwd: deep })).stdout).toBe('25\t1\n');
    expect((await runCommand(['sign', '--signature', '../mine.mjs', '25'], { cwd: deep })).stdout).toBe(
      '25\t4\n',
    );
    expect((await runCommand(['sign', '--signature', 'reduced', '25'], { cwd: deep })).stdout).toBe(
      '25\t0215\n',
    );
  });

  it('of the tables are heeded by what reads them', async () => {
    const cwd = await createTree({
      'sigtables.config.json': '{"range": "1e3", "out": "t", "tables": "t", "cpus": 1}',
      'deep/x': '',
    });
    expect((await runCommand(['build', '-q'], { cwd })).exitCode).toBe(0);
    expect((await runCommand(['find', '123'], { cwd: join(cwd, 'deep') })).exitCode).toBe(0);
    expect((await runCommand(['verify', '-q'], { cwd: join(cwd, 'deep') })).exitCode).toBe(0);
  });
});

describe('what is wrong', () => {
  it.each([
    ['{"lay-out": "job"}', 'unknown key "lay-out"; did you mean layout?'],
    ['{"progress-interval": 5}', 'unknown key "progress-interval"; did you mean progressInterval?'],
    ['{"SIGTABLES_MAX_MEMORY": "1GB"}', 'unknown key "SIGTABLES_MAX_MEMORY"; did you mean maxMemory?'],
    ['{"--cpus": 5}', 'unknown key "--cpus"; did you mean cpus?'],
    ['{"a\\u001bb": 5}', 'unknown key "a\\x1bb"; keys are named as the flags of --help are'],
    ['{"force": 1}', 'force: expected true or false, found 1'],
    ['{"force": "yes"}', 'force: expected true or false, found "yes"'],
    ['{"cpus": [1]}', 'cpus: expected a text, or a number up to 2^53 - 1, found a list'],
    ['{"range": 1e300}', 'range: expected a text, or a number up to 2^53 - 1, found 1e+300'],
    ['{"out": 5}', 'out: expected a folder, as text, found 5'],
    ['{"range": null}', 'range: expected a text, or a number up to 2^53 - 1, found null'],
    [
      '{"signature": "x.ts", "option": {"a": []}}',
      'option.a: expected an object of texts, numbers, true or false, found a list',
    ],
    ['{"option": {"a": 1}}', 'option needs a signature beside it: its options are those of that file'],
    ['[]', 'expected an object such as {"cpus": 4}, found a list'],
    ['"x"', 'expected an object such as {"cpus": 4}, found "x"'],
    ['{"range": "1e3", "cpus": "x"}', 'cpus "x" is not a number of CPUs: expected one such as 6, 50% or max'],
    [
      '{"range": "1e3", "layout": "jobs"}',
      'layout "jobs" is unknown: expected one of signature, job, single',
    ],
    ['{"range": "1e3", "out": " "}', 'out is empty: give it a value or leave it out'],
    ['{"range": 5}', 'range "5" holds no number'],
  ])('in %s is said by file and key', async (text, complaint) => {
    const cwd = await createTree({ 'sigtables.config.json': text });
    const message = await refusalIn(cwd);
    expect(message).toContain(`sigtables.config.json: ${complaint}`);
  });

  it.each([
    [
      '.sigtablesrc',
      '{"range": 1e3',
      /^the config \.sigtablesrc is broken: .*JSON.*; mend it, or name another one with --config/,
    ],
    [
      'sigtables.config.mjs',
      'throw new Error("no\\nluck")',
      /^the config sigtables\.config\.mjs is broken: no luck; /,
    ],
    [
      'sigtables.config.mjs',
      'export const range = 5',
      /^the config sigtables\.config\.mjs has no default export/,
    ],
    ['sigtables.config.ts', 'export default { range: ', /^the config sigtables\.config\.ts is broken: /],
    ['.sigtablesrc/x', '', /^the config \.sigtablesrc is not a plain file: /],
  ])('with %s holding %j is said by file', async (file, text, message) => {
    expect(await refusalIn(await createTree({ [file]: text }))).toMatch(message);
  });

  it('does not keep help, versions and completions from working', async () => {
    const cwd = await createTree({ '.sigtablesrc': '{' });
    for (const args of [['--version'], ['build', '--help'], ['completion', 'bash'], ['complete', '--', 'b']])
      expect(await runCommand(args, { cwd })).toMatchObject({ stderr: '', exitCode: 0 });
  });
});

describe('the example in the README', () => {
  it('is a config that works', async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    const [, example = ''] = /```js\n(\/\/ sigtables\.config\.mjs\n[^]*?)```/.exec(readme) ?? [];
    expect(example).toContain('export default');
    const cwd = await createTree({ 'sigtables.config.mjs': example });
    const { out, range } = await planIn(cwd);
    expect({ out, range }).toMatchObject({ out: 'build/tables', range: { end: '1000000' } });
    expect((await runCommand(['build'], { cwd })).exitCode).toBe(0);
    expect((await runCommand(['verify'], { cwd })).exitCode).toBe(0);
  });
});
