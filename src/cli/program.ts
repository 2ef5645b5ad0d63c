import { Command, CommanderError } from 'commander';
import { registerBuild } from './commands/build.js';
import { registerCancel } from './commands/cancel.js';
import { registerDashboard } from './commands/dashboard.js';
import { registerFind } from './commands/find.js';
import { registerInitSignature } from './commands/init-signature.js';
import { registerLookup } from './commands/lookup.js';
import { registerMerge } from './commands/merge.js';
import { registerPlan } from './commands/plan.js';
import { registerSign } from './commands/sign.js';
import { registerStatus } from './commands/status.js';
import { registerVerify } from './commands/verify.js';
import { registerWorker } from './commands/worker.js';
import { addHelpSections } from './help.js';
import { VERSION } from '../package.js';
import { toUsageError } from './usage.js';

/** Runs the command line `argv` (as in `process.argv`); rejects with what failed. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  const program = createProgram();
  // Commander prints its help for "help" with an unknown command too: one line says it better.
  if (argv.length > 2) program.configureOutput({ writeErr: () => {} });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end by an "error" of status 0.
    if (error.exitCode === 0) return;
    throw toUsageError(error, program, argv.slice(2));
  }
}

/** The command line: what it knows, before any argument is read. Commands load what they need when they run. */
export function createProgram(): Command {
  const program = new Command('sigtables')
    .description(
      'Group every number of a huge range by its signature, on all cores, into JSON lookup tables.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--debug', 'print the stack of a failure (env: SIGTABLES_DEBUG)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError(false)
    .exitOverride();
  registerBuild(program);
  registerPlan(program);
  registerMerge(program);
  registerSign(program);
  registerLookup(program);
  registerFind(program);
  registerVerify(program);
  registerInitSignature(program);
  registerWorker(program);
  registerStatus(program);
  registerCancel(program);
  registerDashboard(program);
  return addHelpSections(program, ['build --range 1e9', 'plan --range 1e15', 'sign 1234567']);
}
