import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { testWith } from '../programs.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let page: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sigtables-man-'));
  await execa(process.execPath, ['--import', 'jiti/register', 'scripts/man/main.ts', folder], { cwd: ROOT });
  page = join(folder, 'sigtables.1');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const FORMATTERS = [
  ['man', ['-l', '--warnings']],
  ['groff', ['-man', '-ww', '-z']],
  ['mandoc', ['-T', 'lint', '-W', 'warning']],
] as const;

describe('the man page', () => {
  for (const [name, args] of FORMATTERS)
    testWith(name, `is taken by ${name} without a warning`, async () => {
      const { stdout, stderr, exitCode } = await execa(name, [...args, page], {
        env: { MANWIDTH: '80', MANROFFOPT: '-ww', LC_ALL: 'C.UTF-8' },
        reject: false,
      });
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
      if (name === 'mandoc') expect(stdout).toBe('');
    });

  it('has every command, flag and example', async () => {
    const text = (await readFile(page, 'utf8')).replaceAll('\\', '');
    const program = createProgram();
    for (const command of program.createHelp().visibleCommands(program)) {
      if (command.name() === 'help') continue;
      expect(text).toContain(`sigtables ${command.name()}`);
      for (const { long } of program.createHelp().visibleOptions(command)) expect(text).toContain(long);
    }
    expect(text).toMatch(/^\.SH EXIT STATUS$/m);
    expect(text).toContain('$ sigtables build --range 1e9 --cpus 6');
  });
});
