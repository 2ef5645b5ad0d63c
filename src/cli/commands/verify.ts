import type { Command } from 'commander';
import { addJsonFlag, addProgressFlags, addVerifyFlags, type Flags } from '../flags.js';
import { addHelpSections } from '../help.js';

const EXAMPLES = [
  'verify',
  'verify /data/tables --deep --cpus max',
  'verify tables --repair',
  'verify tables --json > verified.json',
];
const NOTES = `Checked are the manifest, and each file's size and CRC-32; with --deep each number, its order and signature, and that none is missing.
Exit status 0: all is well, or repaired; 3: files are missing or damaged, one line each on standard output.
A value in [brackets] is the variable that a flag may also be set by; the folder's is SIGTABLES_TABLES.`;

/** Adds the command `verify` to `program`. */
export function registerVerify(program: Command): void {
  const command = program
    .command('verify')
    .description('check the files of a table set, and repair them')
    .argument('[folder]', 'folder of the table set (default: tables)');
  addVerifyFlags(command);
  addProgressFlags(command);
  addJsonFlag(command);
  addHelpSections(command, EXAMPLES, NOTES).action(runVerify);
}

async function runVerify(folder: string | undefined, flags: Flags): Promise<void> {
  const { SignalWatch } = await import('../signals.js');
  const watch = new SignalWatch();
  try {
    const { resolveVerify } = await import('../verify-options.js');
    const { resolveJson, resolveProgress } = await import('../options.js');
    const options = resolveVerify(folder, flags);
    const progress = resolveProgress(flags);
    const isJson = resolveJson(flags);
    const [{ verify }, { createReporter }, { printVerifyResult }] = await Promise.all([
      import('../../verify/verify.js'),
      import('../progress/reporter.js'),
      import('../verify-result.js'),
    ]);
    const reporter = await createReporter(progress, process.stderr);
    watch.reporter = reporter;
    const onEvent = reporter.onEvent.bind(reporter);
    const result = await verify({ ...options, signal: watch.abortSignal, onEvent }).finally(() =>
      reporter.stop(),
    );
    printVerifyResult(result, { isJson, isQuiet: progress.isQuiet, signal: watch.received });
  } finally {
    watch.dispose();
  }
}
