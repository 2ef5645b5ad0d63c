import type { Command } from 'commander';
import { QUEUE_STATUSES } from '../exit-statuses.js';
import { addJsonFlag, type Flags } from '../flags.js';
import { addHelpSections } from '../help.js';
import { addQueueFlags } from '../queue-flags.js';

const EXAMPLES = ['status --queue redis://db:6379', 'status --json'];

/** Adds the command `status` to `program`. */
export function registerStatus(program: Command): void {
  const command = program.command('status').description('show the builds and machines on a queue');
  addQueueFlags(command);
  addJsonFlag(command);
  addHelpSections(command, EXAMPLES, '', QUEUE_STATUSES).action(runStatus);
}

async function runStatus(flags: Flags): Promise<void> {
  const [{ resolveQueue }, { resolveJson }] = await Promise.all([
    import('../queue-options.js'),
    import('../options.js'),
  ]);
  const isJson = resolveJson(flags);
  const address = await resolveQueue(flags);
  const [{ readQueueStatus }, { printStatus }] = await Promise.all([
    import('../../distributed/queue-status.js'),
    import('../status-result.js'),
  ]);
  printStatus(await readQueueStatus(address), isJson);
}
