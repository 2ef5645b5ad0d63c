import type { Command } from 'commander';
import {
  addJsonFlag,
  addLiveFlag,
  addProgressFlags,
  addSignalsFlag,
  addVerifyFlags,
  type Flags,
} from '../flags.js';
import { addHelpSections } from '../help.js';
import { runReported } from '../reported-run.js';

const EXAMPLES = [
  'verify',
  'verify /data/tables --deep --cpus max',
  'verify mine --deep --signature ./mine.ts --option base=7',
  'verify tables --repair',
  'verify tables --json > verified.json',
];
const NOTES = `Checked are the manifest, and each file's size and CRC-32; with --deep each number, its order and signature, and that none is missing.
Of a signature of your own, keys are recomputed only with --signature; its tables are built again, not repaired.
Exit status 0: all is well, or repaired; 3: files are missing or damaged, one line each on standard output.
A value in [brackets] is the variable that a flag may also be set by; the folder's is SIGTABLES_TABLES.`;

/** Adds the command `verify` to `program`. */
export function registerVerify(program: Command): void {
  const command = program
    .command('verify')
    .description('check the files of a table set, and repair them')
    .argument('[folder]', 'folder of the table set (default: tables)');
  addVerifyFlags(command);
  addSignalsFlag(command);
  addLiveFlag(addProgressFlags(command));
  addJsonFlag(command);
  addHelpSections(command, EXAMPLES, NOTES).action(runVerify);
}

async function runVerify(folder: string | undefined, flags: Flags): Promise<void> {
  await runReported(flags, {
    resolve: async () => (await import('../verify-options.js')).resolveVerify(folder, flags),
    load: async () => {
      const [{ verify }, { printVerifyResult }] = await Promise.all([
        import('../../verify/verify.js'),
        import('../verify-result.js'),
      ]);
      return { run: verify, print: (result, context) => printVerifyResult(result, context) };
    },
  });
}
