import type { Command } from 'commander';
import { addAggregateFlag, addJsonFlag, addSelectionFlags, addSignatureFlags, type Flags } from '../flags.js';
import { addHelpSections } from '../help.js';

const EXAMPLES = [
  'plan --range 1e9',
  'plan --range 1e100',
  'plan --range 1200000..7600000 --layout job --json',
];
const NOTES = `Counts of more than 30 digits are rounded, as ~1.000e100; --json has them all exactly.
A value in [brackets] is the variable that a flag may also be set by.`;

/** Adds the command `plan` to `program`. */
export function registerPlan(program: Command): void {
  const command = program.command('plan').description('print what a build would do; writes nothing');
  addSelectionFlags(command);
  addSignatureFlags(command);
  addAggregateFlag(command);
  addJsonFlag(command);
  addHelpSections(command, EXAMPLES, NOTES, ['0', '1', '2', '6', '7']).action(runPlan);
}

async function runPlan(flags: Flags): Promise<void> {
  const { resolveJson } = await import('../options.js');
  const { resolveSigned } = await import('../build-options.js');
  const options = await resolveSigned(flags);
  const isJson = resolveJson(flags);
  const [{ previewBuild }, { printPlan }] = await Promise.all([
    import('../../build/preview.js'),
    import('../plan-result.js'),
  ]);
  printPlan({ ...(await previewBuild(options)), out: options.out, cpus: options.cpus }, isJson);
}
