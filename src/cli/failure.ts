import { inspect, styleText } from 'node:util';
import { EXIT_STATUS, SigtablesError, tooFewDescriptors } from '../errors.js';
import { toPrintable } from '../errors/quoting.js';

/** Prints `error` as one line on standard error (with its stack under `--debug`) and sets the exit status. */
export function reportFailure(thrown: unknown): void {
  const error = isOutOfDescriptors(thrown) ? tooFewDescriptors(thrown) : thrown;
  process.exitCode = error instanceof SigtablesError ? EXIT_STATUS[error.code] : EXIT_STATUS.FAULT;
  // Not by picocolors, which every run would have to load for it.
  const prefix = hasColors(process.stderr)
    ? styleText('red', 'sigtables:', { validateStream: false })
    : 'sigtables:';
  process.stderr.write(`${prefix} ${toPrintable(describe(error).trim())}\n`);
  if (isDebugging()) process.stderr.write(`${inspect(error)}\n`);
}

/** Whether `stream` is a terminal that knows colours, and `NO_COLOR` does not forbid them. */
export function hasColors(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

/** Reports `error` and ends the process at once: for failures outside of a command's own flow. */
export function exitWithFailure(error: unknown): never {
  reportFailure(error);
  process.exit();
}

/** Wherever it struck: also where a part of the program itself was to be loaded. */
function isOutOfDescriptors(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof SigtablesError) return false;
  return ['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function describe(error: unknown): string {
  if (error instanceof SigtablesError) return error.message;
  const message = error instanceof Error ? error.message : inspect(error);
  return `internal error: ${message}; please report it, with what --debug prints`;
}

/** Read from the arguments themselves: a failure to parse them has to be debuggable too. */
function isDebugging(): boolean {
  const variable = process.env['SIGTABLES_DEBUG'];
  return (
    process.argv.includes('--debug') || (variable !== undefined && !['', '0', 'false'].includes(variable))
  );
}
