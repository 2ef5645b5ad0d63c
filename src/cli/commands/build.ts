import type { Command } from 'commander';
import { addFolderFlags, addJsonFlag, addProgressFlags, addSelectionFlags, type Flags } from '../flags.js';
import { addHelpSections } from '../help.js';

const EXAMPLES = [
  'build --range 1e9 --cpus 6',
  'build --range 1200000..7600000 --chunk 10000 --layout job --out /data/tables',
  'build --range 1e12 --shard 3/9 --out shard-3',
  'build --range 1e7 --progress none --json > built.json',
];
const NOTES = `Stopped by Ctrl-C or a signal, a build keeps the jobs that are done: the same command goes on from there.
SIGUSR1 prints a progress line. A value in [brackets] is the variable that a flag may also be set by.`;

/** Adds the command `build` to `program`. */
export function registerBuild(program: Command): void {
  const command = program.command('build').description('write the tables of a range');
  addSelectionFlags(command);
  addFolderFlags(command);
  addProgressFlags(command);
  addJsonFlag(command);
  addHelpSections(command, EXAMPLES, NOTES).action(runBuild);
}

async function runBuild(flags: Flags): Promise<void> {
  const { SignalWatch } = await import('../signals.js');
  const watch = new SignalWatch();
  try {
    const { resolveBuild, resolveJson, resolveProgress } = await import('../options.js');
    const options = resolveBuild(flags);
    const progress = resolveProgress(flags);
    const isJson = resolveJson(flags);
    const [{ build }, { createReporter }, { printBuildResult }] = await Promise.all([
      import('../../build/build.js'),
      import('../progress/reporter.js'),
      import('../build-result.js'),
    ]);
    const reporter = await createReporter(progress, process.stderr);
    watch.reporter = reporter;
    const onEvent = reporter.onEvent.bind(reporter);
    const result = await build({ ...options, signal: watch.abortSignal, onEvent }).finally(() =>
      reporter.stop(),
    );
    printBuildResult(result, {
      command: 'build',
      cpus: options.cpus,
      isJson,
      isQuiet: progress.isQuiet,
      signal: watch.received,
    });
  } finally {
    watch.dispose();
  }
}
