import type { Command } from 'commander';
import { addFolderFlags, addJsonFlag, addMergeFlags, addProgressFlags, type Flags } from '../flags.js';
import { addHelpSections } from '../help.js';

const EXAMPLES = [
  'merge shard-* --out tables',
  'merge january february --layout single --out both',
  'merge tables --layout job --chunk 1e6 --out jobs',
];
const NOTES = `The ranges of the folders must abut; the bytes are those of one build of the whole range. What is read is checked.
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
  addProgressFlags(command);
  addJsonFlag(command);
  addHelpSections(command, EXAMPLES, NOTES).action(runMerge);
}

async function runMerge(folders: string[], flags: Flags): Promise<void> {
  const { SignalWatch } = await import('../signals.js');
  const watch = new SignalWatch();
  try {
    const { resolveJson, resolveMerge, resolveProgress } = await import('../options.js');
    const options = { ...resolveMerge(flags), folders };
    const progress = resolveProgress(flags);
    const isJson = resolveJson(flags);
    const [{ merge }, { createReporter }, { printBuildResult }] = await Promise.all([
      import('../../merge/merge.js'),
      import('../progress/reporter.js'),
      import('../build-result.js'),
    ]);
    const reporter = await createReporter(progress, process.stderr);
    watch.reporter = reporter;
    const onEvent = reporter.onEvent.bind(reporter);
    const result = await merge({ ...options, signal: watch.abortSignal, onEvent }).finally(() =>
      reporter.stop(),
    );
    printBuildResult(result, {
      command: 'merge',
      cpus: options.cpus,
      isJson,
      isQuiet: progress.isQuiet,
      signal: watch.received,
    });
  } finally {
    watch.dispose();
  }
}
