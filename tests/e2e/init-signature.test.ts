import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, test } from 'vitest';
import { COMMAND, createFolder, ROOT, runCommand } from './harness.js';

/** A project in which sigtables alone is installed, as a link. */
async function createProject(manifest: string): Promise<string> {
  const folder = await createFolder();
  await writeFile(join(folder, 'package.json'), manifest);
  await mkdir(join(folder, 'node_modules'));
  await symlink(ROOT, join(folder, 'node_modules', 'sigtables'));
  return folder;
}

describe('init-signature', () => {
  test.each([
    ['mine.ts', '{}'],
    ['mine.mts', '{"type":"module"}'],
    ['mine.js', '{"type":"commonjs"}'],
    ['mine.js', '{"type":"module"}'],
    ['signatures/mine.mjs', '{}'],
    ["it's #1.ts", '{}'],
  ])('%s in a project of %s: its test passes, and it signs', async (file, manifest) => {
    const cwd = await createProject(manifest);
    const written = await runCommand(['init-signature', file], { cwd });
    expect(written).toMatchObject({ exitCode: 0, stderr: '' });
    const testFile = file.replace(/\.m?[jt]s$/, '.test.mjs');
    const [wrote, ...steps] = written.stdout.trimEnd().split('\n');
    expect(wrote).toBe(`wrote ${file} and ${testFile}; next:`);
    expect(steps).toHaveLength(3);
    expect(steps[0]).toMatch(/^ {2}node --test /);

    const nodeTest = await execa(process.execPath, ['--test', testFile], { cwd, reject: false });
    expect(nodeTest.exitCode).toBe(0);
    expect(nodeTest.stdout).toMatch(/^# pass 3$|^ℹ pass 3$/m);

    const signed = await runCommand(['sign', '--signature', `./${file}`, '5', '1e20+23'], { cwd });
    expect(signed).toMatchObject({ exitCode: 0, stderr: '', stdout: '5\t5\n100000000000000000023\t6\n' });
  });

  describe('leaves both files or none', () => {
    const list = async (cwd: string): Promise<string[]> => (await readdir(cwd)).sort();

    it.skipIf(process.platform === 'win32')('on a disk that takes a part of the first', async () => {
      const cwd = await createFolder();
      const limited = ['-c', 'ulimit -f 1 && exec "$@"', 'sh', process.execPath, COMMAND];
      const result = await execa('sh', [...limited, 'init-signature', 'mine.ts'], { cwd, reject: false });
      expect(result).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('EFBIG') as string });
      expect(await list(cwd)).toEqual([]);
      expect(await runCommand(['init-signature', 'mine.ts'], { cwd })).toMatchObject({ exitCode: 0 });
      expect(await list(cwd)).toEqual(['mine.test.mjs', 'mine.ts']);
    });

    it('where the second cannot be written', async () => {
      const cwd = await createFolder();
      // Its test's name is too long for most file systems.
      const { exitCode } = await runCommand(['init-signature', `${'a'.repeat(250)}.ts`], { cwd });
      expect(exitCode).toBe(5);
      expect(await list(cwd)).toEqual([]);
    });

    it.each(['mine.ts', 'mine.test.mjs'])(
      'after a run that was killed with %s alone written',
      async (left) => {
        const cwd = await createFolder();
        await runCommand(['init-signature', 'mine.ts'], { cwd });
        const kept = await readFile(join(cwd, left), 'utf8');
        for (const name of await list(cwd)) if (name !== left) await rm(join(cwd, name));
        expect(await runCommand(['init-signature', 'mine.ts'], { cwd })).toMatchObject({ exitCode: 0 });
        expect(await list(cwd)).toEqual(['mine.test.mjs', 'mine.ts']);
        await rm(join(cwd, 'mine.ts'));
        await writeFile(join(cwd, 'mine.test.mjs'), `${kept}// changed`);
        expect(await runCommand(['init-signature', 'mine.ts'], { cwd })).toMatchObject({ exitCode: 2 });
        expect(await list(cwd)).toEqual(['mine.test.mjs']);
      },
    );
  });

  it('gives commands that a shell takes as they stand', async () => {
    const cwd = await createProject('{}');
    const { stdout } = await runCommand(['init-signature', "it's #1.ts"], { cwd });
    const [, testIt, signIt] = stdout.split('\n');
    expect((await execa({ shell: true, cwd })`${testIt!}`).exitCode).toBe(0);
    const local = signIt!.replace('npx sigtables', `${process.execPath} ${COMMAND}`);
    expect((await execa({ shell: true, cwd })`${local}`).stdout).toBe('5\t5\n6\t6\n7\t7');
  });

  it('compiles as strict TypeScript, with the type of every commented part', async () => {
    const cwd = await createProject('{"type":"module"}');
    for (const name of ['typescript', '@types', 'zod']) {
      await symlink(join(ROOT, 'node_modules', name), join(cwd, 'node_modules', name));
    }
    await runCommand(['init-signature', 'mine.ts'], { cwd });
    const code = await readFile(join(cwd, 'mine.ts'), 'utf8');
    const whole = `import { z } from 'zod';\n${code.replace(/^ {2}\/\/ /gm, '  ')}`;
    expect(whole).toMatch(/^ {2}options: [^]*^ {2}async setup[^]*^ {2}valueOf/m);
    await writeFile(join(cwd, 'whole.ts'), whole);
    const flags = '--noEmit --strict --skipLibCheck --types node --module nodenext --target es2023'.split(
      ' ',
    );
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const compiled = await execa(process.execPath, [tsc, ...flags, 'mine.ts', 'whole.ts'], {
      cwd,
      reject: false,
    });
    expect(compiled).toMatchObject({ stdout: '', exitCode: 0 });
    const signed = await runCommand(['sign', '--signature', 'whole.ts', '--option', 'base=7', '12'], { cwd });
    expect(signed).toMatchObject({ stderr: '', stdout: '12\t3\n' });
  });

  it('says how to install sigtables where it is not', async () => {
    const { stdout } = await runCommand(['init-signature', 'mine.ts']);
    expect(stdout.split('\n')[1]).toBe('  npm install --save-dev sigtables');
  });

  test.each([['mine.ts'], ['mine.test.mjs']])('overwrites nothing: %s is there', async (taken) => {
    const cwd = await createFolder();
    await writeFile(join(cwd, taken), 'mine');
    const result = await runCommand(['init-signature', 'mine.ts'], { cwd });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toBe(`sigtables: ${taken} is there already: give another name, or move it away\n`);
    expect(await readdir(cwd)).toEqual([taken]);
    expect(await readFile(join(cwd, taken), 'utf8')).toBe('mine');
  });

  test.each([['mine'], ['mine.py'], ['.ts'], ['folder/']])('refuses the name %s', async (name) => {
    const result = await runCommand(['init-signature', name]);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toMatch(
      /^sigtables: init-signature ".*": expected a file name ending in \.ts, .*\n$/,
    );
    expect(await readdir(result.cwd)).toEqual([]);
  });

  it('says what is in the way of a folder', async () => {
    const cwd = await createFolder();
    await writeFile(join(cwd, 'a'), '');
    const result = await runCommand(['init-signature', 'a/mine.ts'], { cwd });
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.stderr).toMatch(/^sigtables: cannot write a: .*\n$/);
  });
});
