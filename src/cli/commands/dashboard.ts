import { once } from 'node:events';
import type { Command } from 'commander';
import { DASHBOARD_STATUSES } from '../exit-statuses.js';
import { addSignalsFlag, type Flags } from '../flags.js';
import { addHelpSections } from '../help.js';
import { addDashboardFlags, addQueueFlags } from '../queue-flags.js';

const EXAMPLES = [
  'dashboard --queue redis://db:6379',
  'SIGTABLES_DASHBOARD_PASSWORD=secret sigtables dashboard --host 0.0.0.0 --port 8080',
];
const NOTES = `Shows, and changes nothing. Only this machine reaches it; others do with --host, and with the password in
SIGTABLES_DASHBOARD_PASSWORD, which any user name goes with. Ctrl-C ends it.`;

/** Adds the command `dashboard` to `program`. */
export function registerDashboard(program: Command): void {
  const command = program.command('dashboard').description('open Bull Board for a queue');
  addQueueFlags(command);
  addDashboardFlags(command);
  addSignalsFlag(command);
  addHelpSections(command, EXAMPLES, NOTES, DASHBOARD_STATUSES).action(runDashboard);
}

async function runDashboard(flags: Flags): Promise<void> {
  const [{ resolveDashboard }, { writeResult }, { WorkerSignals }, { toExitStatus }] = await Promise.all([
    import('../dashboard-options.js'),
    import('../output.js'),
    import('../worker-signals.js'),
    import('../signals.js'),
  ]);
  const options = await resolveDashboard(flags);
  const { openDashboard } = await import('../../distributed/dashboard.js');
  const signals = new WorkerSignals(() => {});
  const ended = once(signals.stop, 'abort');
  const dashboard = await openDashboard(options).catch((error: unknown) => {
    signals.dispose();
    throw error;
  });
  writeResult(dashboard.url);
  await ended;
  await dashboard.close();
  signals.dispose();
  if (signals.received) process.exitCode = toExitStatus(signals.received);
}
