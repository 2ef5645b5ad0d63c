import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { COMMAND, createFolder, hashFolder, ROOT, runCommand } from '../harness.js';
import { RANGE, readRecipe } from './page.js';

export interface ShellResult {
  readonly exitCode: number | undefined;
  /** Standard output and standard error. */
  readonly all: string;
}

/** A fresh project that has the built sigtables installed, and the package.json of the page. */
export async function createProject(): Promise<string> {
  const folder = await createFolder();
  await mkdir(join(folder, 'node_modules', '.bin'), { recursive: true });
  await symlink(ROOT, join(folder, 'node_modules', 'sigtables'));
  await symlink(COMMAND, join(folder, 'node_modules', '.bin', 'sigtables'));
  await writeFile(join(folder, 'package.json'), readRecipe('package.json'));
  return folder;
}

/** The environment of a project's shell: its commands first, and nothing that steers sigtables or makes npm talk. */
export function readShellEnvironment(
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:SIGTABLES_|SLURM_|npm_|NODE_OPTIONS$|VITEST|CI$)/i.test(name),
  );
  const path = [join(cwd, 'node_modules', '.bin'), dirname(process.execPath), process.env['PATH'] ?? ''];
  const quiet = { npm_config_userconfig: join(cwd, 'no-npmrc'), npm_config_update_notifier: 'false' };
  return { ...Object.fromEntries(inherited), ...quiet, PATH: path.join(delimiter), ...env };
}

/** Runs a script in a project by `sh`, as cron, npm and a container do. */
export async function runShell(
  script: string,
  cwd: string,
  env?: Readonly<Record<string, string>>,
): Promise<ShellResult> {
  const shell = {
    cwd,
    env: readShellEnvironment(cwd, env),
    extendEnv: false,
    reject: false,
    all: true,
  } as const;
  const { exitCode, all } = await execa('sh', ['-c', script], shell);
  return { exitCode, all };
}

/** The hashes of the table set that one build of the whole range writes. */
export async function hashWholeBuild(): Promise<Record<string, string>> {
  const { cwd, exitCode, stderr } = await runCommand(['build', '--range', RANGE, '--no-sync', '-q']);
  if (exitCode !== 0) throw new Error(stderr);
  return hashFolder(join(cwd, 'tables'));
}
