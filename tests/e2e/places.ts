import { chmod } from 'node:fs/promises';
import { execa } from 'execa';
import { onTestFinished, type TestContext } from 'vitest';
import { COMMAND, type CommandResult, createFolder } from './harness.js';

const SIGTABLES = [process.execPath, COMMAND];
const isRoot = process.getuid?.() === 0;

/** Mounts a file system in memory with these mount options until the test ends; skips the test where that is not allowed. */
export async function mountMemory(context: TestContext, options: string): Promise<string> {
  const folder = await createFolder();
  const mount = await execa('mount', ['-t', 'tmpfs', '-o', options, 'sigtables-test', folder], {
    reject: false,
  });
  if (mount.failed) context.skip('only root may mount a small disk, on Linux');
  onTestFinished(async () => {
    await execa('umount', ['-l', folder]);
  });
  return folder;
}

/** Makes a mounted file system read-only. */
export async function remountReadOnly(folder: string): Promise<void> {
  await execa('mount', ['-o', 'remount,ro', folder]);
}

/** What `runAsOrdinaryUser` starts besides the command. */
export const DEMOTING_PROGRAMS: readonly string[] = isRoot ? ['setpriv'] : [];

/** Runs the command as a user whom permissions bind: root's files are not protected from root. */
export async function runAsOrdinaryUser(args: readonly string[], cwd: string): Promise<CommandResult> {
  await chmod(cwd, 0o777);
  const demote = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  return runProgram([...(isRoot ? demote : []), ...SIGTABLES, ...args], cwd);
}

/** Runs the command with a limit on its open files, by `prlimit`. */
export async function runWithOpenFiles(openFiles: number, args: readonly string[]): Promise<CommandResult> {
  const limit = `--nofile=${String(openFiles)}:${String(openFiles)}`;
  return runProgram(['prlimit', limit, ...SIGTABLES, ...args], await createFolder());
}

async function runProgram([program = '', ...args]: readonly string[], cwd: string): Promise<CommandResult> {
  const options = { reject: false, stripFinalNewline: false, cwd, input: '' } as const;
  const { stdout, stderr, exitCode, signal } = await execa(program, args, options);
  return { stdout, stderr, exitCode, signal, cwd };
}
