import type { Command } from 'commander';
import { addJsonFlag, type Flags } from '../flags.js';
import { addHelpSections } from '../help.js';

const EXAMPLES = ['doctor', 'doctor /data/tables', 'doctor --json > doctor.json', 'doctor --no-measure'];
const NOTES = `What a bug report needs. The disk is measured by a file of 256 MB in the folder (or the nearest one above that exists), which is gone
when the command ends, however it ends. Nothing secret is printed: no variables, and the home folder as ~.`;

/** Adds the command `doctor` to `program`. */
export function registerDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('print what a bug report needs: versions, CPUs, limits, and how fast the disk is')
    .argument('[folder]', 'the output folder to look at (default: that of build)')
    .option('--no-measure', 'write nothing to the disk');
  addHelpSections(addJsonFlag(command), EXAMPLES, NOTES, ['0', '1', '2']).action(
    async (folder: string | undefined, flags: Flags) => {
      const { runDoctor } = await import('../doctor/doctor.js');
      await runDoctor(program, folder, flags);
    },
  );
}
