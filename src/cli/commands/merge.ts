import type { Command } from 'commander';
import {
  addFolderFlags,
  addJsonFlag,
  addLiveFlag,
  addMergeFlags,
  addProgressFlags,
  addSignalsFlag,
  type Flags,
} from '../flags.js';
import { addHelpSections } from '../help.js';
import { runReported } from '../reported-run.js';

const EXAMPLES = [
  'merge shard-* --out tables',
  'merge january february --layout single --out both',
  'merge tables --layout job --chunk 1e6 --out jobs',
  'merge mine-1 mine-2 --max-memory 2GB --out mine',
  'merge tables/shard-* --sharded --out tables',
];
const NOTES = `The ranges of the folders must abut; the bytes are those of one build of the whole range. What is read is checked.
Tables of a signature of your own need no file of it; of --aggregate, count, sum, min and max can be merged.
One folder and another --layout converts it. Stopped, the same command goes on. The folders themselves are left as they are.
A value in [brackets] is the variable that a flag may also be set by.`;

/** Adds the command `merge` to `program`. */
export function registerMerge(program: Command): void {
  const command = program
    .command('merge')
    .description('make one table set of several that abut, or convert one to another layout')
    .argument('<folder...>', 'folders of table sets, in any order');
  addMergeFlags(command);
  addFolderFlags(command);
  addSignalsFlag(command);
  addLiveFlag(addProgressFlags(command));
  addJsonFlag(command);
  addHelpSections(command, EXAMPLES, NOTES).action(runMerge);
}

async function runMerge(folders: string[], flags: Flags): Promise<void> {
  if (flags['sharded'] === true) return runSharding(folders, flags);
  await runReported(flags, {
    resolve: async () => {
      const [{ resolveMerge }, { resolveMaxMemory }] = await Promise.all([
        import('../options.js'),
        import('../build-options.js'),
      ]);
      return { ...resolveMerge(flags), maxMemoryBytes: resolveMaxMemory(flags), folders };
    },
    load: async () => {
      const [{ merge }, { printBuildResult }] = await Promise.all([
        import('../../merge/merge.js'),
        import('../build-result.js'),
      ]);
      return { run: merge, print: (result, context) => printBuildResult('merge', result, context) };
    },
  });
}

async function runSharding(folders: string[], flags: Flags): Promise<void> {
  await runReported(flags, {
    resolve: async () => (await import('../sharding.js')).resolveSharding(folders, flags),
    load: async () => {
      const [{ listShards }, { printShardingResult }] = await Promise.all([
        import('../../merge/list-shards.js'),
        import('../sharding.js'),
      ]);
      return { run: listShards, print: printShardingResult };
    },
  });
}
