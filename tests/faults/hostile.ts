import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotTested, type Fault, type FaultContext } from './fault.js';
import { runCommand, startCommand, type CommandResult } from './harness/command.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import { HEAVY_TRAPS, TRAPS, type Trap } from './harness/hostile-sets.js';
import { SUITE } from './harness/suite.js';
import { requireStrace } from './harness/system-calls.js';
import { expectSameTree, readTree } from './harness/tree.js';
import type { Random } from './random.js';

const MUST =
  'refused in bounded time and memory, or harmless; no file outside of the folder is opened or changed';
const PLUG_IN = `export default {
  name: 'mine', version: '1', start: 0,
  keyOf(n) { return String(Number(n) % 7); },
};\n`;
const QUIET = ['--progress', 'none', '--no-sync'];
const SOON_MS = 30_000;
const MEMORY_MB = 2_500;

/** Table sets to make hostile: with small and with large manifests, of all layouts, of a plug-in, of values. */
const BASES: readonly (readonly string[])[] = [
  ['--range', '10..60', '--layout', 'signature'],
  ['--range', '10..3000', '--layout', 'signature'],
  ['--range', '2000', '--chunk', '250', '--layout', 'job'],
  ['--range', '3000', '--layout', 'single'],
  ['--range', '3000', '--layout', 'single', '--aggregate', 'count'],
  ['--range', '3000', '--layout', 'single', '--signature', './plug-in.mjs'],
  ['--range', '3000', '--layout', 'job', '--chunk', '500', '--signature', './plug-in.mjs'],
  ['--range', '3000', '--layout', 'single', '--aggregate', 'sum', '--signature', './plug-in.mjs'],
];

/** What is done with a table set from somebody else. */
const COMMANDS: readonly (readonly string[])[] = [
  ['lookup', '0211', '--tables', 'tables'],
  ['lookup', '1', '--tables', 'tables'],
  ['lookup', '0211', '--tables', 'tables', '--at', '0'],
  ['lookup', '0211', '--tables', 'tables', '--count'],
  ['find', '21', '--tables', 'tables'],
  ['find', '5', '--tables', 'tables'],
  ['verify', 'tables', ...QUIET.slice(0, 2)],
  ['verify', 'tables', '--deep', ...QUIET.slice(0, 2)],
  ['verify', 'tables', '--repair', ...QUIET.slice(0, 2)],
  ['merge', 'tables', '--out', 'merged', ...QUIET],
  ['merge', 'tables', '--out', 'merged', '--layout', 'single', '--force', ...QUIET],
  ['build', '--range', '10..60', '--layout', 'signature', '--out', 'tables', ...QUIET],
  ['build', '--range', '3000', '--layout', 'single', '--out', 'tables', ...QUIET],
  ['build', '--range', '3000', '--layout', 'single', '--out', 'tables', '--force', ...QUIET],
  [
    'build',
    '--range',
    '40',
    '--aggregate',
    'count',
    '--layout',
    'single',
    '--out',
    'tables',
    '--force',
    ...QUIET,
  ],
  [
    ...['build', '--range', '3000', '--layout', 'single', '--signature', './plug-in.mjs'],
    ...['--out', 'tables', '--force', ...QUIET],
  ],
];

const bases = new Map<string, Promise<string>>();

export const hostileSets: Fault = {
  name: 'hostile-sets',
  fault:
    'table sets from somebody else: names that lead out, links, pipes, numbers beyond all bounds, wrong types, members ' +
    'that stand twice, journals that name the files of others',
  must: MUST,
  counts: { short: TRAPS.length, long: 40 * TRAPS.length },
  found:
    'A journal made `build --force` remove files outside; a member that stood twice, or a link (merge), had them read; ' +
    'pipes hung the readers; sizes and jobs without bounds took all memory or never ended. All refused now.',
  run: async (context, random) => {
    await requireStrace();
    const trap = TRAPS[context.trial % TRAPS.length]!;
    const commands = context.isLong
      ? COMMANDS
      : [random.pick(COMMANDS), random.pick(COMMANDS), random.pick(COMMANDS)];
    for (const args of commands) await spring(trap, args, context, random);
    context.note('sprung');
  },
};

export const heavySets: Fault = {
  name: 'heavy-sets',
  fault: 'table sets that are to fill the memory: a gigabyte of spaces, a hundred million brackets',
  must: MUST,
  counts: { short: HEAVY_TRAPS.length, long: 10 * HEAVY_TRAPS.length },
  isTimed: true,
  found:
    'Each bracket took 45 bytes of memory: 18 GB for the largest manifest. Depth is looked at first now.',
  run: async (context, random) => {
    const trap = HEAVY_TRAPS[context.trial % HEAVY_TRAPS.length]!;
    const cwd = await setTrap(trap, random.pick(BASES.slice(0, 2)), join(context.folder, 'heavy'), random);
    const commands = context.isLong ? COMMANDS : [COMMANDS[0]!, random.pick(COMMANDS)];
    for (const args of commands) {
      const running = startCommand(args, { cwd });
      const watch = watchMemory(running.process.pid);
      const result = await running.ended;
      const what = `${args.join(' ')}, with ${trap.name}`;
      expectHarmless(result, what);
      const peakMb = watch();
      expectTrue(peakMb < MEMORY_MB, `${what}: it took ${peakMb} MB`);
    }
    context.note('sprung');
  },
};

/** Runs a command on a hostile table set, and looks at each file that it opens. */
async function spring(
  trap: Trap,
  args: readonly string[],
  context: FaultContext,
  random: Random,
): Promise<void> {
  const base = random.pick(BASES);
  const cwd = await setTrap(
    trap,
    base,
    join(context.folder, String(Math.floor(random.next() * 1e9))),
    random,
  );
  const outside = join(cwd, 'outside');
  const before = readTree(outside);
  const log = join(cwd, 'calls');
  const through = ['strace', '-f', '-y', '--seccomp-bpf', '-qq', '-e', 'trace=%file', '-o', log];
  const result = await runCommand(args, { cwd, through });
  const what = `${args.join(' ')}, with ${trap.name} in a set of ${base.join(' ')}`;
  expectHarmless(result, what);
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

function expectHarmless(result: CommandResult, what: string): void {
  expectStatus(result, [0, 2, 3, 5, 6], what);
  expectTrue(result.elapsedMs < SOON_MS, `${what}: it took ${result.elapsedMs} ms`);
  expectTrue(!result.stderr.includes('internal error'), `${what}: ${result.stderr}`);
}

async function setTrap(trap: Trap, base: readonly string[], cwd: string, random: Random): Promise<string> {
  const id = base.join(' ');
  const known = bases.get(id) ?? makeBase(base);
  bases.set(id, known);
  cpSync(await known, cwd, { recursive: true });
  const outside = join(cwd, 'outside');
  mkdirSync(join(outside, 'inner'), { recursive: true });
  mkdirSync(join(outside, 'inner', 'spool'));
  for (const name of ['secret.json', 'inner/journal', 'inner/spool/0.part'])
    writeFileSync(join(outside, name), '{"0211":[21,22],"1":[1]}');
  trap.set({ folder: join(cwd, 'tables'), outside, random });
  return cwd;
}

async function makeBase(args: readonly string[]): Promise<string> {
  const cwd = join(SUITE.folder, `base-${bases.size}`);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'plug-in.mjs'), PLUG_IN);
  expectStatus(
    await runCommand(['build', ...args, '--out', 'tables', ...QUIET], { cwd }),
    [0],
    args.join(' '),
  );
  return cwd;
}

/** Watches a process; gives the most memory that it has had, in MB. */
function watchMemory(pid: number | undefined): () => number {
  if (process.platform !== 'linux') throw new NotTested('/proc');
  let peakMb = 0;
  const look = (): void => {
    try {
      const status = readFileSync(`/proc/${String(pid)}/status`, 'latin1');
      peakMb = Math.max(peakMb, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1000);
    } catch {
      // it has ended
    }
  };
  const timer = setInterval(look, 10);
  return () => {
    clearInterval(timer);
    return Math.round(peakMb);
  };
}
