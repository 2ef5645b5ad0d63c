import type { Command, CommanderError } from 'commander';
import {
  excessArgument,
  flagOfCommand,
  flagWithoutValue,
  misusedCommandLine,
  missingValue,
  noCommand,
  type SigtablesError,
  unknownCommand,
  unknownFlag,
} from '../errors.js';
import { findNearest } from './nearest.js';

/** What commander found wrong with `args`, as a failure of ours that names the nearest right flag or command. */
export function toUsageError(
  error: CommanderError,
  program: Command,
  args: readonly string[],
): SigtablesError {
  const command = findCommand(program, args);
  const message = error.message.replace(/^error: /, '');
  const [, quoted = ''] = /'(.*)'/s.exec(message) ?? [];
  // Commander takes a flag before the command for the command.
  if (/^unknown (?:option|command)/.test(message) && quoted.startsWith('-')) {
    return explainFlag(quoted, program, command);
  }
  if (error.code === 'commander.unknownCommand') return explainCommand(quoted, program);
  if (error.code === 'commander.help') return args[1] ? explainCommand(args[1], program) : noCommand();
  if (error.code === 'commander.optionMissingArgument') return missingValue(quoted.replace(/ <.*| .*, /, ''));
  if (error.code === 'commander.excessArguments' && command) return explainExcess(command);
  return misusedCommandLine(message);
}

function findCommand(program: Command, args: readonly string[]): Command | undefined {
  const found = args.map((arg) => program.commands.find((command) => command.name() === arg));
  return found.find((command) => command !== undefined);
}

function explainCommand(name: string, program: Command): SigtablesError {
  const names = listCommands(program).map((command) => command.name());
  return unknownCommand(name, findNearest(name, names));
}

/** Those that the help shows: what shells call is nothing to suggest. */
function listCommands(program: Command): readonly Command[] {
  return program.createHelp().visibleCommands(program);
}

function explainFlag(text: string, program: Command, command: Command | undefined): SigtablesError {
  const flag = text.replace(/=.*$/s, '');
  const here = listFlags(command ? [command, program] : [program, ...listCommands(program)]);
  if (text.includes('=') && here.includes(flag)) return flagWithoutValue(flag);
  const owner = program.commands.find((candidate) => listFlags([candidate]).includes(flag));
  return owner ? flagOfCommand(flag, owner.name()) : unknownFlag(flag, findNearest(flag, here));
}

function explainExcess(command: Command): SigtablesError {
  // In "--range --cpus 2" commander takes "--cpus" for the range and is left with "2".
  const swallowed = Object.entries(command.opts<Record<string, unknown>>()).find(([, value]) =>
    String(value).startsWith('--'),
  );
  if (swallowed === undefined) return excessArgument(command.name(), command.args.at(-1) ?? '');
  const option = command.options.find((candidate) => candidate.attributeName() === swallowed[0]);
  return missingValue(option?.long ?? swallowed[0], String(swallowed[1]));
}

function listFlags(commands: readonly Command[]): string[] {
  const options = commands.flatMap((command) => command.options.filter((option) => !option.hidden));
  return [...options.map((option) => option.long ?? ''), '--help'];
}
