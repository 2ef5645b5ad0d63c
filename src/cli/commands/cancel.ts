import type { Command } from 'commander';
import { QUEUE_STATUSES } from '../exit-statuses.js';
import { addJsonFlag, type Flags } from '../flags.js';
import { addHelpSections } from '../help.js';
import { addQueueFlags } from '../queue-flags.js';

const EXAMPLES = ['cancel --queue redis://db:6379', 'cancel b0123456789ab'];
const NOTES = `Its waiting jobs leave the queue, its running ones end within seconds, and so does its command, with status 7.
What is done stays in its folder: the same command goes on.`;

/** Adds the command `cancel` to `program`. */
export function registerCancel(program: Command): void {
  const command = program
    .command('cancel')
    .description('take a build off a queue')
    .argument(
      '[build]',
      'its name, or that of a malformed record, as sigtables status shows it (default: the only build)',
    );
  addQueueFlags(command);
  addJsonFlag(command);
  addHelpSections(command, EXAMPLES, NOTES, QUEUE_STATUSES).action(runCancel);
}

async function runCancel(id: string | undefined, flags: Flags): Promise<void> {
  const [{ resolveQueue }, { resolveJson }, { writeJson, writeResult }, { toOneLine }] = await Promise.all([
    import('../queue-options.js'),
    import('../options.js'),
    import('../output.js'),
    import('../../errors/quoting.js'),
  ]);
  const isJson = resolveJson(flags);
  const address = await resolveQueue(flags);
  const { cancelBuild } = await import('../../distributed/cancel-build.js');
  const cancelled = await cancelBuild(address, id);
  if (isJson) writeJson('cancel', cancelled);
  else if (cancelled.out === undefined)
    writeResult(`Removed the malformed record ${toOneLine(cancelled.id)}`);
  else
    writeResult(
      `Cancelled ${cancelled.id}, ${cancelled.removed} waiting jobs removed: what is done stays in ${toOneLine(cancelled.out)}`,
    );
}
