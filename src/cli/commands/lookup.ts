import type { Command } from 'commander';
import { addBucketAggregateFlag, addJsonFlag, addMemberFlags, addSourceFlags, type Flags } from '../flags.js';
import { READING_STATUSES } from '../exit-statuses.js';
import { addHelpSections } from '../help.js';

const EXAMPLES = [
  'lookup 1667 --limit 10                # the first ten, one per line',
  'lookup 1667 --at 1e6                  # one number, by one small read',
  'lookup 1667 --range 1e100 --at 1e15   # without any tables',
  'lookup 1667 --count --json',
  'lookup 1667 --aggregate sum           # of its numbers, or of the part that --from and --limit name',
];
const NOTES = `Tables of build --aggregate hold one value for each signature: lookup prints that. Of lists, --aggregate sum reads all numbers
and adds them up exactly; count, min and max read one at most. What valueOf makes of numbers is for build --aggregate.
Indexes are expressions, as ranges are: 1e6, 2**20. With --range nothing is read: the closed form answers, sums too.
A value in [brackets] is the variable that a flag may also be set by.`;

/** Adds the command `lookup` to `program`. */
export function registerLookup(program: Command): void {
  const command = program
    .command('lookup')
    .description('print the numbers with a signature, one per line, or their value')
    .argument('<signature>', 'such as 1667');
  addJsonFlag(addBucketAggregateFlag(addMemberFlags(addSourceFlags(command))));
  addHelpSections(command, EXAMPLES, NOTES, READING_STATUSES).action(lookup);
}

async function lookup(signature: string, flags: Flags): Promise<void> {
  const { resolveLookup } = await import('../lookup-options.js');
  const options = resolveLookup(flags);
  const [{ openSource }, { writeBytes }, { printLookup }] = await Promise.all([
    import('../sources.js'),
    import('../byte-output.js'),
    import('../lookup-result.js'),
  ]);
  const source = await openSource(options);
  try {
    await writeBytes(printLookup(source, signature, options));
  } finally {
    source.close();
  }
}
