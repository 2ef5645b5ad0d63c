import type { Fault } from './fault.js';
import { SHARD_FOLDERS, SHARD_TRAPS } from './harness/hostile-shards.js';
import { MUST, QUIET, spring, type Base } from './harness/spring.js';
import { requireStrace } from './harness/system-calls.js';

const PLUG_IN = ['--signature', './plug-in.mjs'];

const BUILDS: readonly (readonly string[])[] = [
  ['--range', '3000', '--layout', 'signature'],
  ['--range', '2000', '--chunk', '250', '--layout', 'job'],
  ['--range', '3000', '--layout', 'single'],
  ['--range', '3000', '--layout', 'single', '--aggregate', 'count'],
  ['--range', '3000', '--layout', 'single', ...PLUG_IN],
  ['--range', '3000', '--layout', 'job', '--chunk', '500', ...PLUG_IN],
];

const BASES = BUILDS.map((args): Base => {
  const folders = SHARD_FOLDERS.map((folder) => `tables/${folder}`);
  const { length } = folders;
  const parts = folders.map((folder, i) => ['--shard', `${i + 1}/${length}`, '--out', folder, ...QUIET]);
  return {
    name: `${length} shards of ${args.join(' ')}`,
    commands: [
      ...parts.map((part) => ['build', ...args, ...part]),
      ['merge', ...folders, '--sharded', '--out', 'tables', '--no-sync'],
    ],
  };
});

/** What is done with a sharded table set from somebody else. */
const COMMANDS: readonly (readonly string[])[] = [
  ['lookup', '0211', '--tables', 'tables'],
  ['lookup', '1', '--tables', 'tables'],
  ['lookup', '0211', '--tables', 'tables', '--at', '5'],
  ['lookup', '0211', '--tables', 'tables', '--count'],
  ['find', '2100', '--tables', 'tables'],
  ['find', '5', '--tables', 'tables'],
  ['verify', 'tables', '--progress', 'none'],
  ['verify', 'tables', '--deep', '--progress', 'none'],
  ['verify', 'tables', '--repair', '--progress', 'none'],
  ['merge', 'tables', '--out', 'merged', ...QUIET],
  ['merge', 'tables', '--out', 'merged', '--layout', 'single', ...QUIET],
  ['merge', 'tables/a', 'tables/b', '--sharded', '--out', 'tables', '--force'],
  ['build', '--range', '3000', '--layout', 'single', '--out', 'tables', ...QUIET],
  ['build', '--range', '3000', '--layout', 'single', '--out', 'tables', '--force', ...QUIET],
  ['report', 'tables'],
];

export const hostileShards: Fault = {
  name: 'hostile-shards',
  fault:
    'sharded table sets from somebody else: the same in the manifests of the set and of its shards, folders that lead out, ' +
    'shards that are links, pipes, sharded themselves, or too many',
  must: MUST,
  counts: { short: SHARD_TRAPS.length, long: 10 * SHARD_TRAPS.length },
  run: async (context, random) => {
    await requireStrace();
    const trap = SHARD_TRAPS[context.trial % SHARD_TRAPS.length]!;
    const commands = context.isLong ? COMMANDS : [random.pick(COMMANDS)];
    for (const args of commands) await spring(trap, args, BASES, context, random);
    context.note('sprung');
  },
};
