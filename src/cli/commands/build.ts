import type { Command } from 'commander';
import {
  addAggregateFlag,
  addFolderFlags,
  addJobFlags,
  addJsonFlag,
  addLiveFlag,
  addProgressFlags,
  addSelectionFlags,
  addSignalsFlag,
  addSignatureFlags,
  type Flags,
} from '../flags.js';
import { addHelpSections } from '../help.js';
import { addNoMergeFlag, addQueueFlags, addRootFlag } from '../queue-flags.js';
import { runReported } from '../reported-run.js';

const EXAMPLES = [
  'build --range 1e9 --cpus 6',
  'build --range 1200000..7600000 --chunk 10000 --layout job --out /data/tables',
  'build --range 1e12 --shard 3/9 --out shard-3',
  'build --range 1e6 --signature ./mine.ts --option base=7',
  'build --range 1e100 --aggregate count --layout single',
  'build --range 1e12 --queue redis://db:6379 --out /mnt/shared/tables',
  'build --range 1e7 --progress none --json > built.json',
];
const NOTES = `Stopped by Ctrl-C or a signal, a build keeps the jobs that are done: the same command goes on from there.
SIGUSR1 prints a progress line. A value in [brackets] is the variable that a flag may also be set by.`;

/** Adds the command `build` to `program`. */
export function registerBuild(program: Command): void {
  const command = program.command('build').description('write the tables of a range');
  addSelectionFlags(command);
  addSignatureFlags(command);
  addAggregateFlag(command);
  addJobFlags(command);
  addFolderFlags(command);
  addQueueFlags(command);
  addRootFlag(command, 'the one that --out is in');
  addNoMergeFlag(command);
  addSignalsFlag(command);
  addLiveFlag(addProgressFlags(command));
  addJsonFlag(command);
  addHelpSections(command, EXAMPLES, NOTES).action(runBuild);
}

async function runBuild(flags: Flags): Promise<void> {
  await runReported(flags, {
    resolve: async () => (await import('../build-options.js')).resolveBuild(flags),
    load: async () => {
      const [{ runBuildAnywhere }, { printBuildResult }] = await Promise.all([
        import('../build-run.js'),
        import('../build-result.js'),
      ]);
      return {
        run: runBuildAnywhere,
        print: (result, context) => printBuildResult('build', result, context),
      };
    },
  });
}
