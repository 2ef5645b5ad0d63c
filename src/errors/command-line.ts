import { shorten } from './quoting.js';
import { SigtablesError } from './sigtables-error.js';

// What is wrong with a command line.

/** Commander's complaint about the command line, in one line. */
export function misusedCommandLine(complaint: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${complaint.replaceAll("'", '"')}; sigtables --help shows what there is`,
  );
}

/** The command line is empty; its help has been printed. */
export function noCommand(): SigtablesError {
  return new SigtablesError('USAGE', 'a command is needed: sigtables build --range 1e6 is one to begin with');
}

/** A command that does not exist, with the nearest that does. */
export function unknownCommand(name: string, nearest: string | undefined): SigtablesError {
  const hint = nearest === undefined ? 'sigtables --help shows the commands' : `did you mean ${nearest}?`;
  return new SigtablesError('USAGE', `unknown command "${name}"; ${hint}`);
}

/** A flag that no command has, with the nearest that exists. */
export function unknownFlag(flag: string, nearest: string | undefined): SigtablesError {
  const hint = nearest === undefined ? '--help after a command shows its flags' : `did you mean ${nearest}?`;
  return new SigtablesError('USAGE', `unknown flag "${flag}"; ${hint}`);
}

/** A flag before its command, or after another one. */
export function flagOfCommand(flag: string, command: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} belongs after the command that has it: sigtables ${command} ${flag}`,
  );
}

/** A flag such as `--force=true`. */
export function flagWithoutValue(flag: string): SigtablesError {
  return new SigtablesError('USAGE', `${flag} takes no value: leave out what follows the "="`);
}

/** A flag that ends the command line, or that another flag follows. */
export function missingValue(flag: string, follower?: string): SigtablesError {
  const found = follower === undefined ? 'the command line ends there' : `"${follower}" follows`;
  return new SigtablesError('USAGE', `${flag} needs a value, but ${found}`);
}

/** An argument of a command that takes flags alone. */
export function excessArgument(command: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${command} takes flags alone, not "${text}": a range goes after --range`,
  );
}

/** Neither the flag nor the variable gives a range. */
export function missingRange(): SigtablesError {
  return new SigtablesError(
    'USAGE',
    'a range is needed: give --range END or --range START..END, for example --range 1e6',
  );
}

/** A flag or variable, `name`, is there but says nothing. */
export function emptyValue(name: string): SigtablesError {
  return new SigtablesError('USAGE', `${name} is empty: give it a value or leave it out`);
}

/** The value of `name` is none of the words that it knows. */
export function notAChoice(name: string, text: string, choices: readonly string[]): SigtablesError {
  return new SigtablesError('USAGE', `${name} "${text}" is unknown: expected one of ${choices.join(', ')}`);
}

/** The variable `name` of a flag without value says neither yes nor no. */
export function notASwitch(name: string, text: string): SigtablesError {
  return new SigtablesError('USAGE', `${name} "${text}" is unknown: expected 1 or 0`);
}

/** A name in a list of signals is none that can be ignored. */
export function signalUnknown(name: string, text: string, choices: readonly string[]): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${name} "${shorten(text)}": expected one of ${choices.join(', ')}, or several with commas, such as HUP,INT`,
  );
}

/** Node has put U+FFFD in place of bytes of a path, and nothing has that name. */
export function pathNotUtf8(name: string, path: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${name} "${shorten(path)}": nothing has this name; its bytes are not UTF-8, and Node cannot name such paths: rename it, or give another`,
  );
}

/** The same of the current folder. */
export function folderNotUtf8(folder: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `the current folder, "${folder}", has a name that is not UTF-8, and Node cannot name such paths: rename it, or run from another`,
  );
}

/** A job has at least one number. */
export function chunkTooSmall(name: string, text: string): SigtablesError {
  return new SigtablesError('USAGE', `${name} "${text}" is too small: a job has at least 1 number`);
}

/** Not a number of seconds, or one that timers cannot keep. */
export function intervalOutOfBounds(name: string, text: string, minS: number, maxS: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${name} "${text}" is no interval: expected seconds from ${minS} to ${maxS}`,
  );
}

/** Standard output refused the result, other than by having been closed. */
export function writingResultFailed(cause: Error): SigtablesError {
  return new SigtablesError('IO', `cannot write the result to standard output: ${cause.message}`, { cause });
}

/** No aggregate has this name. */
export function aggregateUnknown(flag: string, text: string, names: readonly string[]): SigtablesError {
  return new SigtablesError('USAGE', `${flag} "${shorten(text)}": expected one of ${names.join(', ')}`);
}

/** Not an amount of memory. */
export function memoryMalformed(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}": expected an amount such as 512MB, 2GB or 4GiB`,
  );
}

/** Not a time that a job may take. */
export function timeoutMalformed(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}": expected seconds above 0, such as 600 (up to 24 days)`,
  );
}

/** Not a number of tries. */
export function retriesMalformed(flag: string, text: string, max: number): SigtablesError {
  return new SigtablesError('USAGE', `${flag} "${shorten(text)}": expected a whole number from 0 to ${max}`);
}

/** Not a port of a machine; 0 lets the system choose one. */
export function portMalformed(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}": expected a port from 1 to 65535, or 0 to let the system choose`,
  );
}

/** The range goes beyond the signature's domain. */
export function rangeBeyondEnd(flag: string, text: string, end: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}": the signature is defined for numbers below ${shorten(String(end))}; let the range end there at the latest`,
  );
}

/** `completion` has no script for this shell. */
export function notAShell(
  name: string,
  nearest: string | undefined,
  shells: readonly string[],
): SigtablesError {
  const hint = nearest === undefined ? `expected one of ${shells.join(', ')}` : `did you mean ${nearest}?`;
  return new SigtablesError(
    'USAGE',
    `completion "${shorten(name)}" is no shell that sigtables knows; ${hint}`,
  );
}
