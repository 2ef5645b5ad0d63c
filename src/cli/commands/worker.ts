import type { Command } from 'commander';
import { WORKER_STATUSES } from '../exit-statuses.js';
import { addJsonFlag, addProgressFlags, addSignalsFlag, type Flags } from '../flags.js';
import { addHelpSections } from '../help.js';
import { addQueueFlags, addWorkerFlags } from '../queue-flags.js';
import type { GivenSignature } from '../worker-options.js';

const EXAMPLES = [
  'worker --queue redis://db:6379 --root /mnt/shared',
  'worker --queue-file ~/.sigtables-queue --cpus 50% --root /mnt/shared',
  'worker --signature ./mine.ts --option base=7 --signature ./other.ts',
];
const NOTES = `Takes jobs of any build on the queue until a signal ends it: running jobs end first, a second signal gives them back.
An --option goes with the --signature before it. A worker runs no signature that it was not given, and writes only in --root.
A value in [brackets] is the variable that a flag may also be set by.`;

/** Adds the command `worker` to `program`. */
export function registerWorker(program: Command): void {
  const given: GivenSignature[] = [];
  const command = program.command('worker').description('take jobs of builds that other machines share');
  addQueueFlags(command);
  addWorkerFlags(command, given);
  addSignalsFlag(command);
  addProgressFlags(command);
  addJsonFlag(command);
  addHelpSections(command, EXAMPLES, NOTES, WORKER_STATUSES).action((flags: Flags) =>
    runWorker(flags, given),
  );
}

async function runWorker(flags: Flags, given: readonly GivenSignature[]): Promise<void> {
  const { runReportedWorker } = await import('../worker-run.js');
  await runReportedWorker(flags, given);
}
