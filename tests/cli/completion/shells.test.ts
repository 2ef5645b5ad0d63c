import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMAND, createFolder, runCommand } from '../../e2e/harness.js';
import { TestTerminal } from '../../e2e/terminal/terminal.js';
import { describeWith, testWith } from '../../programs.js';

let folder: string;
let env: Record<string, string>;

/** A folder with tables and a script for each shell in it, and sigtables on the PATH. */
beforeAll(async () => {
  folder = await createFolder();
  await mkdir(join(folder, 'bin'));
  await symlink(COMMAND, join(folder, 'bin', 'sigtables'));
  await mkdir(join(folder, 'work', 'my tables'), { recursive: true });
  await mkdir(join(folder, 'work', 'other'));
  await writeFile(join(folder, 'work', 'mine.ts'), '');
  await writeFile(join(folder, 'work', 'notes'), '');
  for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
    await writeFile(join(folder, shell), (await runCommand(['completion', shell])).stdout);
  env = { PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter), HOME: folder, TERM: 'dumb' };
});

/** Types `keys` into an interactive shell in a terminal and returns what it printed. */
async function type(shell: readonly string[], keys: string): Promise<string> {
  const terminal = new TestTerminal(shell, { cwd: join(folder, 'work'), columns: 200, env });
  terminal.press(`${keys}exit\n`);
  await terminal.waitForEnd();
  return terminal.raw;
}

const LINES = [
  ['sigtables pla\t--range 1e3 --lay\tj\t--json', '"layout":"job"'],
  ['sigtables plan --range 1e3 --layout=jo\t --json', '"layout":"job"'],
  ['sigtables plan --json --range 1e3 --out my\t', '"out":"my tables/"'],
  ['sigtables plan --json --range 1e3 --out ot\t', '"out":"other/"'],
];

describeWith('bash', 'bash', () => {
  it.each(LINES)('completes %j', async (line, result) => {
    const printed = await type(
      ['bash', '--norc', '--noprofile', '-i'],
      `source ../bash; source ../bash\n${line}\n`,
    );
    expect(printed).toContain(result);
    expect(printed).not.toContain('readonly');
  });

  // What bash hands over for the word at the index `at`.
  const list = async (words: string, at: number): Promise<string[]> => {
    const program = `source ../bash; COMP_WORDS=(${words}); COMP_CWORD=${at}; _sigtables 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await execa('bash', ['-c', program], { cwd: join(folder, 'work'), env });
    return stdout.split('\n');
  };

  it('lists what may follow', async () => {
    expect(await list('sigtables ""', 1)).toEqual(
      expect.arrayContaining(['build', 'verify', 'completion', 'help']),
    );
    expect(await list('sigtables build --agg', 2)).toEqual(['--aggregate']);
    expect(await list('sigtables build --aggregate = ""', 4)).toEqual(['list', 'count', 'sum', 'min', 'max']);
    expect(await list('sigtables lookup 1667 --aggregate ""', 4)).toEqual(['count', 'sum', 'min', 'max']);
    expect(await list('sigtables build --cpus ""', 3)).toEqual(['max', '50%']);
    expect(await list('sigtables --deb', 1)).toEqual(['--debug']);
    expect(await list('sigtables verify --deb', 2)).toEqual(['--debug']);
  });

  it('runs nothing of what is typed', async () => {
    expect(await list("sigtables build --out '$(touch ran)' --lay", 4)).toEqual(['--layout']);
    expect(await readdir(join(folder, 'work'))).not.toContain('ran');
  });
});

describeWith('zsh', 'zsh', () => {
  it.each([
    ['sigtables pla\t--range 1e3 --lay\tj\t--json', '"layout":"job"'],
    ['sigtables plan --range 1e3 --layout=jo\t --json', '"layout":"job"'],
    ['sigtables plan --json --range 1e3 --out ot\t', '"out":"other"'],
  ])('completes %j', async (line, result) => {
    const start = 'autoload -Uz compinit && compinit -u -D; source ../zsh\n';
    expect(await type(['zsh', '-f', '-i'], `${start}${line}\n`)).toContain(result);
  });
});

describeWith('fish', 'fish', () => {
  const complete = async (line: string): Promise<string[]> => {
    const program = `source ../fish; complete -C ${JSON.stringify(line)}`;
    const { stdout } = await execa('fish', ['--no-config', '-c', program], {
      cwd: join(folder, 'work'),
      env,
    });
    return stdout.split('\n').map((found) => found.replace(/\t.*/, ''));
  };

  it('completes commands, flags, values and folders', async () => {
    expect(await complete('sigtables ver')).toEqual(['verify']);
    expect(await complete('sigtables build --agg')).toEqual(['--aggregate']);
    expect(await complete('sigtables build --layout ')).toEqual(['job', 'signature', 'single']);
    expect(await complete('sigtables build --layout=jo')).toEqual(['--layout=job']);
    expect(await complete('sigtables build --out ot')).toEqual(['other/']);
    expect(await complete('sigtables completion z')).toEqual(['zsh']);
  });
});

describe('powershell', () => {
  it('has a script that registers itself', async () => {
    const { stdout } = await runCommand(['completion', 'powershell']);
    expect(stdout).toContain("Register-ArgumentCompleter -CommandName 'sigtables'");
    expect(stdout).toContain('sigtables complete');
  });

  testWith('pwsh', 'pwsh completes a command', async () => {
    const program = `. ../powershell; (TabExpansion2 'sigtables ver' 13).CompletionMatches.CompletionText`;
    await writeFile(join(folder, 'powershell.ps1'), (await runCommand(['completion', 'powershell'])).stdout);
    const { stdout } = await execa(
      'pwsh',
      ['-NoProfile', '-Command', program.replace('../powershell', '../powershell.ps1')],
      {
        cwd: join(folder, 'work'),
        env,
      },
    );
    expect(stdout.trim()).toBe('verify');
  });
});

describe('completion', () => {
  it.each([
    [['completion', 'zhs'], 'completion "zhs" is no shell that sigtables knows; did you mean zsh?'],
    [
      ['completion', 'cmd.exe'],
      'completion "cmd.exe" is no shell that sigtables knows; expected one of bash, zsh, fish, powershell',
    ],
  ])('refuses %j', async (args, message) => {
    expect(await runCommand(args)).toMatchObject({
      stdout: '',
      stderr: `sigtables: ${message}\n`,
      exitCode: 2,
    });
  });

  it('is not offered as what shells call', async () => {
    expect((await runCommand(['--help'])).stdout).not.toMatch(/^ {2}complete /m);
    expect((await runCommand(['complet'])).stderr).toContain('did you mean completion?');
  });
});
