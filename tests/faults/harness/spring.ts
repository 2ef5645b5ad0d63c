import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultContext } from '../fault.js';
import type { Random } from '../random.js';
import { runCommand, type CommandResult } from './command.js';
import { expectSoon, expectStatus, expectTrue } from './expect.js';
import type { Trap } from './hostile-sets.js';
import { SUITE } from './suite.js';
import { expectSameTree, readTree } from './tree.js';

/** What must come of a command that meets a table set from somebody else. */
export const MUST =
  'refused in bounded time and memory, or harmless; no file outside of the folder is opened or changed';

/** For the commands that set a table set up, and those that meet it. */
export const QUIET: readonly string[] = ['--progress', 'none', '--no-sync'];

const PLUG_IN = `export default {
  name: 'mine', version: '1', start: 0,
  keyOf(n) { return String(Number(n) % 7); },
};\n`;
const SOON_MS = 30_000;

/** A table set in the folder `tables`, to be made hostile: what is run to make it. */
export interface Base {
  readonly name: string;
  readonly commands: readonly (readonly string[])[];
}

const bases = new Map<string, Promise<string>>();

/** Runs a command on a hostile table set, and looks at each file that it opens. */
export async function spring(
  trap: Trap,
  args: readonly string[],
  choices: readonly Base[],
  context: FaultContext,
  random: Random,
): Promise<void> {
  const base = random.pick(choices);
  const folder = join(context.folder, String(Math.floor(random.next() * 1e9)));
  const cwd = await setTrap(trap, base, folder, random);
  const outside = join(cwd, 'outside');
  const before = readTree(outside);
  const log = join(cwd, 'calls');
  const through = ['strace', '-f', '-y', '--seccomp-bpf', '-qq', '-e', 'trace=%file', '-o', log];
  const result = await runCommand(args, { cwd, through });
  const what = `${args.join(' ')}, with ${trap.name} in a set of ${base.name}`;
  expectHarmless(context, result, what);
  expectSameTree(readTree(outside), before, what);
  const calls = readFileSync(log, 'latin1').split('\n');
  const opened = calls.find((line) => isTouched(line, outside));
  expectTrue(opened === undefined, `${what}: ${opened ?? ''}`);
}

/** Whether a call opened or changed a file there. To look whether one is there, and what it is, is harmless. */
function isTouched(line: string, outside: string): boolean {
  const call = /^\d+ +(\w+)\(/.exec(line)?.[1] ?? '';
  if (/stat|readlink|access|getcwd|chdir|symlink|execve/.test(call) || line.includes(' = -1 E')) return false;
  // An open file's path stands behind its number.
  return line.includes(`<${outside}`) || (!call.startsWith('open') && line.includes('outside/'));
}

/** It ended soon, with a status of a refusal or of success, and calls nothing a fault of its own. */
export function expectHarmless(context: FaultContext, result: CommandResult, what: string): void {
  expectStatus(result, [0, 2, 3, 5, 6], what);
  expectSoon(context, result.elapsedMs, SOON_MS, what);
  expectTrue(!result.stderr.includes('internal error'), `${what}: ${result.stderr}`);
}

/** Copies the base to `cwd`, which it returns, with files beside it that nobody may touch, and sets the trap in it. */
export async function setTrap(trap: Trap, base: Base, cwd: string, random: Random): Promise<string> {
  const known = bases.get(base.name) ?? makeBase(base);
  bases.set(base.name, known);
  cpSync(await known, cwd, { recursive: true });
  const outside = join(cwd, 'outside');
  mkdirSync(join(outside, 'inner'), { recursive: true });
  mkdirSync(join(outside, 'inner', 'spool'));
  for (const name of ['secret.json', 'inner/journal', 'inner/spool/0.part'])
    writeFileSync(join(outside, name), '{"0211":[21,22],"1":[1]}');
  trap.set({ folder: join(cwd, 'tables'), outside, random });
  return cwd;
}

async function makeBase({ commands }: Base): Promise<string> {
  const cwd = join(SUITE.folder, `base-${bases.size}`);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'plug-in.mjs'), PLUG_IN);
  for (const args of commands) expectStatus(await runCommand(args, { cwd }), [0], args.join(' '));
  return cwd;
}
