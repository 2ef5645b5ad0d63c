import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll } from 'vitest';

/** The root of the project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The built command. */
export const COMMAND = join(ROOT, 'bin', 'sigtables.cjs');

export interface CommandOptions {
  /** The working directory; a fresh temporary folder unless given. */
  readonly cwd?: string;
  /** On top of this process's environment less what would steer the command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; empty unless given. */
  readonly input?: string | Uint8Array;
}

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** `undefined` where a signal ended the command. */
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly cwd: string;
}

type StartOptions = CommandOptions & { readonly cwd: string };

export type RunningCommand = ReturnType<typeof spawnCommand>;

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Makes a fresh temporary folder that is removed when the test file has run. */
export async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sigtables-test-'));
  folders.push(folder);
  return folder;
}

/** Starts the built command without waiting for it, for tests that send signals; it never rejects. */
export function startCommand(args: readonly string[], options: StartOptions): RunningCommand {
  return spawnCommand(args, options);
}

function spawnCommand(args: readonly string[], options: StartOptions) {
  return execa(process.execPath, [COMMAND, ...args], {
    reject: false,
    stripFinalNewline: false,
    extendEnv: false,
    cwd: options.cwd,
    env: { ...readNeutralEnvironment(), ...options.env },
    input: options.input ?? '',
  });
}

/** Runs the built command to its end. */
export async function runCommand(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const cwd = options.cwd ?? (await createFolder());
  const { stdout, stderr, exitCode, signal } = await startCommand(args, { ...options, cwd });
  return { stdout, stderr, exitCode, signal, cwd };
}

/** The SHA-256 of every file below `folder` by its relative path with slashes, without what is in `.build/`. */
export async function hashFolder(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length))
    .filter((path) => !path.split(sep).includes('.build'))
    .sort();
  const hashes: Record<string, string> = {};
  for (const path of paths) hashes[path.replaceAll(sep, '/')] = await hashFile(join(folder, path));
  return hashes;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Nothing of the machine that runs the tests may change what the command says or does. */
export function readNeutralEnvironment(): NodeJS.ProcessEnv {
  const steering = /^(?:SIGTABLES_|SLURM_|FORCE_COLOR$|NO_COLOR$|CLICOLOR|NODE_OPTIONS$|VITEST|CI$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
}
