import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotTested, type Fault } from './fault.js';
import { startCommand } from './harness/command.js';
import { expectTrue } from './harness/expect.js';
import { HEAVY_TRAPS, TRAPS } from './harness/hostile-sets.js';
import { expectHarmless, MUST, QUIET, setTrap, spring, type Base } from './harness/spring.js';
import { requireStrace } from './harness/system-calls.js';

const MEMORY_MB = 2_500;

/** Table sets to make hostile: with small and with large manifests, of all layouts, of a plug-in, of values. */
const BUILDS: readonly (readonly string[])[] = [
  ['--range', '10..60', '--layout', 'signature'],
  ['--range', '10..3000', '--layout', 'signature'],
  ['--range', '2000', '--chunk', '250', '--layout', 'job'],
  ['--range', '3000', '--layout', 'single'],
  ['--range', '3000', '--layout', 'single', '--aggregate', 'count'],
  ['--range', '3000', '--layout', 'single', '--signature', './plug-in.mjs'],
  ['--range', '3000', '--layout', 'job', '--chunk', '500', '--signature', './plug-in.mjs'],
  ['--range', '3000', '--layout', 'single', '--aggregate', 'sum', '--signature', './plug-in.mjs'],
];

const BASES = BUILDS.map((args): Base => ({
  name: args.join(' '),
  commands: [['build', ...args, '--out', 'tables', ...QUIET]],
}));

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
  ['report', 'tables'],
];

export const hostileSets: Fault = {
  name: 'hostile-sets',
  fault:
    'table sets from somebody else: names that lead out, links, pipes, numbers beyond all bounds, wrong types, members ' +
    'that stand twice, journals that name the files of others',
  must: MUST,
  counts: { short: TRAPS.length, long: 10 * TRAPS.length },
  found:
    'A journal made `build --force` remove files outside; a member that stood twice, or a link (merge), had them read; ' +
    'pipes hung the readers; sizes and jobs without bounds took all memory or never ended. All refused now. ' +
    'A sound manifest of the built-in signature that contradicts its formula was called an internal error (1): now 3 ' +
    '(src/tables/manifest-consistency.ts, bucket-extent.ts).',
  run: async (context, random) => {
    await requireStrace();
    const trap = TRAPS[context.trial % TRAPS.length]!;
    const commands = context.isLong ? COMMANDS : [random.pick(COMMANDS)];
    for (const args of commands) await spring(trap, args, BASES, context, random);
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
    const commands = context.isLong ? COMMANDS : [random.pick(COMMANDS)];
    for (const args of commands) {
      const running = startCommand(args, { cwd });
      const watch = watchMemory(running.process.pid);
      const result = await running.ended;
      const what = `${args.join(' ')}, with ${trap.name}`;
      expectHarmless(context, result, what);
      const peakMb = watch();
      expectTrue(peakMb < MEMORY_MB, `${what}: it took ${peakMb} MB`);
    }
    context.note('sprung');
  },
};

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
