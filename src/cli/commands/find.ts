import type { Command } from 'commander';
import { addJsonFlag, addSourceFlags, type Flags } from '../flags.js';
import { READING_STATUSES } from '../exit-statuses.js';
import { addHelpSections } from '../help.js';

const EXAMPLES = ['find 1234567', 'find 10**50 --range 1e100', 'find 1234567 --tables /data/tables --json'];
const NOTES = `With --range nothing is read: the closed form tells signature and index. Tables of build --aggregate hold no numbers to find.
A value in [brackets] is the variable that a flag may also be set by.`;

/** Adds the command `find` to `program`. */
export function registerFind(program: Command): void {
  const command = program
    .command('find')
    .description('print where a number stands: its signature, index, file and byte offset')
    .argument('<n>', 'a whole number, such as 1234567 or 10**30');
  addHelpSections(addJsonFlag(addSourceFlags(command)), EXAMPLES, NOTES, READING_STATUSES).action(find);
}

async function find(text: string, flags: Flags): Promise<void> {
  const { resolveSource } = await import('../lookup-options.js');
  const options = resolveSource(flags);
  const [{ openSource }, { parseNumber }, { printFound }] = await Promise.all([
    import('../sources.js'),
    import('../../range/expression.js'),
    import('../lookup-result.js'),
  ]);
  const n = parseNumber(text, 'find');
  const source = await openSource(options);
  try {
    printFound(n, source, options.isJson);
  } finally {
    source.close();
  }
}
