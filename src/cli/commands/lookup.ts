import type { Command } from 'commander';
import { addJsonFlag, addMemberFlags, addSourceFlags, type Flags } from '../flags.js';
import { addHelpSections } from '../help.js';

const EXAMPLES = [
  'lookup 1667 --limit 10                # the first ten, one per line',
  'lookup 1667 --at 1e6                  # one number, by one small read',
  'lookup 1667 --range 1e100 --at 1e15   # without any tables',
  'lookup 1667 --count --json',
];
const NOTES = `Indexes are expressions, as ranges are: 1e6, 2**20. With --range nothing is read: the closed form answers.
A value in [brackets] is the variable that a flag may also be set by.`;

/** Adds the command `lookup` to `program`. */
export function registerLookup(program: Command): void {
  const command = program
    .command('lookup')
    .description('print the numbers with a signature, one per line')
    .argument('<signature>', 'such as 1667');
  addJsonFlag(addMemberFlags(addSourceFlags(command)));
  addHelpSections(command, EXAMPLES, NOTES).action(lookup);
}

async function lookup(signature: string, flags: Flags): Promise<void> {
  const { resolveLookup } = await import('../lookup-options.js');
  const options = resolveLookup(flags);
  const [{ openSource }, { writeBytes }, { printMembers }] = await Promise.all([
    import('../sources.js'),
    import('../byte-output.js'),
    import('../lookup-result.js'),
  ]);
  const source = await openSource(options);
  try {
    await writeBytes(printMembers(source, signature, options));
  } finally {
    source.close();
  }
}
