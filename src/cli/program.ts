import { type Argument, Command, CommanderError, Option } from 'commander';
import { registerBuild } from './commands/build.js';
import { registerCancel } from './commands/cancel.js';
import { registerCompletion } from './commands/completion.js';
import { registerDashboard } from './commands/dashboard.js';
import { registerDoctor } from './commands/doctor.js';
import { registerFind } from './commands/find.js';
import { registerInitSignature } from './commands/init-signature.js';
import { registerLookup } from './commands/lookup.js';
import { registerMerge } from './commands/merge.js';
import { registerPlan } from './commands/plan.js';
import { registerReport } from './commands/report.js';
import { registerSign } from './commands/sign.js';
import { registerStatus } from './commands/status.js';
import { registerVerify } from './commands/verify.js';
import { registerWorker } from './commands/worker.js';
import { kindOfOption, kindOfPlaceholder, takesSettings } from './flag.js';
import { addHelpSections, chooseHelpWidth, HELP_STYLE } from './help.js';
import { requireUtf8Folder, requireUtf8Path } from './path-check.js';
import { VERSION } from '../package.js';

const EXAMPLES = ['build --range 1e9', 'plan --range 1e15', 'sign 1234567', 'build --help'];
const NOTES = 'sigtables COMMAND --help has the flags, examples and exit statuses of a command.';

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
    const { toUsageError } = await import('./usage.js');
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
    .addHelpOption(new Option('-h, --help', 'print this help'))
    .option(
      '--config <file>',
      'take settings from this file (default: the nearest sigtables.config.json or the like)',
    )
    .option('--no-config', 'take no settings from files')
    .option('--debug', 'print the stack of a failure (env: SIGTABLES_DEBUG)')
    .configureHelp(HELP_STYLE)
    .configureOutput({
      outputError: () => {},
      getOutHelpWidth: () => chooseHelpWidth(process.stdout),
      getErrHelpWidth: () => chooseHelpWidth(process.stderr),
    })
    .showSuggestionAfterError(false)
    .exitOverride()
    .hook('preAction', refuseUnnameable)
    .hook('preAction', readConfig)
    .hook('preAction', ignoreAskedSignals);
  program.commandsGroup('Make tables:');
  registerBuild(program);
  registerPlan(program);
  registerMerge(program);
  program.commandsGroup('Use tables:');
  registerSign(program);
  registerLookup(program);
  registerFind(program);
  registerVerify(program);
  registerReport(program);
  program.commandsGroup('Share the work among machines:');
  registerWorker(program);
  registerStatus(program);
  registerCancel(program);
  registerDashboard(program);
  program.commandsGroup('Get going:');
  registerInitSignature(program);
  registerCompletion(program);
  registerDoctor(program);
  program.helpCommand('help [command]', 'print the help of a command');
  return addHelpSections(program, EXAMPLES, NOTES);
}

/** Paths among the arguments; those of flags are looked at where flags are, since a variable may give them too. */
function refuseUnnameable(program: Command, command: Command): void {
  const isPath = (argument: Argument): boolean => kindOfPlaceholder(argument.name()) !== 'text';
  const { config } = program.opts<{ config?: string | false }>();
  if (typeof config === 'string') requireUtf8Path('--config', config);
  const takesFolder = command.options.some((option) => kindOfOption(option) === 'folder');
  if (takesFolder || command.registeredArguments.some(isPath)) requireUtf8Folder();
  for (const [i, argument] of command.registeredArguments.entries()) {
    const given = (command.processedArgs as unknown[])[i];
    if (isPath(argument))
      for (const path of [given].flat())
        if (typeof path === 'string') requireUtf8Path(`<${argument.name()}>`, path);
  }
}

async function readConfig(program: Command, command: Command): Promise<void> {
  // doctor tells what is wrong with a config, too.
  if (!takesSettings(command) || command.name() === 'doctor') return;
  const { applyConfig } = await import('./config/apply.js');
  await applyConfig(program);
}

/** Before a command listens for signals. A variable or the config may name them too. */
async function ignoreAskedSignals(_program: Command, command: Command): Promise<void> {
  if (!command.options.some((option) => option.attributeName() === 'ignoreSignals')) return;
  const [{ ignoreSignals }, { resolveIgnoredSignals }] = await Promise.all([
    import('./ignored-signals.js'),
    import('./options.js'),
  ]);
  ignoreSignals(resolveIgnoredSignals(command.opts()));
}
