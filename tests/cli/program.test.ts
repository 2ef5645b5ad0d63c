import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runCommand } from '../e2e/harness.js';

describe('the command line', () => {
  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await runCommand(['--version'])).toMatchObject({
      stdout: `${version}\n`,
      stderr: '',
      exitCode: 0,
    });
  });

  it.each([[['--help']], [['build', '--help']], [['help', 'build']], [['merge', '-h']]])(
    'has examples and exit statuses in the help of %j',
    async (args) => {
      const { stdout, stderr, exitCode } = await runCommand(args);
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
      expect(stdout).toMatch(/^Examples:\n {2}\$ sigtables /m);
      expect(stdout).toMatch(/^Exit status:\n {2}0 .*(\n {2}\d .*){7}\n {2}128\+n .*\n/m);
    },
  );

  it('prints its help on standard error when it is given nothing', async () => {
    const { stdout, stderr, exitCode } = await runCommand([]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(/^Usage: [^]*\nsigtables: a command is needed: .*\n$/);
  });
});

describe('a wrong command line', () => {
  it.each([
    [['biuld'], 'unknown command "biuld"; did you mean build?'],
    [['help', 'plam'], 'unknown command "plam"; did you mean plan?'],
    [['frobnicate'], 'unknown command "frobnicate"; sigtables --help shows the commands'],
    [['build', '--rnge', '1e6'], 'unknown flag "--rnge"; did you mean --range?'],
    [['build', '--rnge=1e6'], 'unknown flag "--rnge"; did you mean --range?'],
    [['plan', '--out', 'build', '--laoyut', 'job'], 'unknown flag "--laoyut"; did you mean --layout?'],
    [['build', '--xyzzy'], 'unknown flag "--xyzzy"; --help after a command shows its flags'],
    [['--range', '1e6', 'build'], '--range belongs after the command that has it: sigtables build --range'],
    [['plan', '--force'], '--force belongs after the command that has it: sigtables build --force'],
    [['build', '--force=true'], '--force takes no value: leave out what follows the "="'],
    [['build', '1e6'], 'build takes flags alone, not "1e6": a range goes after --range'],
    [['build', '--range'], '--range needs a value, but the command line ends there'],
    [['build', '--range', '--cpus', '2'], '--range needs a value, but "--cpus" follows'],
    [['build'], 'a range is needed: give --range END or --range START..END, for example --range 1e6'],
    [['build', '--range=', '--out', 'x'], '--range is empty: give it a value or leave it out'],
    [
      ['plan', '--range', '1e6', '--layout', 'a\nb\x1b[2J'],
      '--layout "a b\\x1b[2J" is unknown: expected one of signature, job, single',
    ],
  ])('%j is explained in one line', async (args, message) => {
    expect(await runCommand(args)).toMatchObject({
      stdout: '',
      stderr: `sigtables: ${message}\n`,
      exitCode: 2,
    });
  });

  it('names the variable that a bad value came from', async () => {
    const { stderr, exitCode } = await runCommand(['build', '--range', '1e6'], {
      env: { SIGTABLES_CPUS: 'abc' },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^sigtables: SIGTABLES_CPUS "abc" .*\n$/);
  });

  it.each([
    [['--debug'], {}],
    [[], { SIGTABLES_DEBUG: '1' }],
  ])('shows its stack with %j %j', async (args, env) => {
    const { stderr } = await runCommand(['plan', '--range', 'x', ...args], { env });
    expect(stderr).toMatch(/^sigtables: .*\nSigtablesError: [^]*\n {4}at /);
  });
});
