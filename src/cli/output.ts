import { writingResultFailed } from '../errors.js';
import { toPrintable, toPrintableLines } from '../errors/quoting.js';
import { exitWithFailure } from './failure.js';

/** Version of the JSON documents on standard output: raised when a field changes its meaning or goes away. */
const SCHEMA_VERSION = 1;

/** Writes a command's result, and the line end, to standard output; `style` is for its first line. What the text has from others is made harmless. */
export function writeResult(text: string, style = (line: string): string => line): void {
  const [first = '', ...others] = toPrintableLines(text).split('\n');
  process.stdout.write(`${[style(first), ...others].join('\n')}\n`);
}

/** Writes a line for the user to standard error, beside the result. What it has from others is made harmless. */
export function writeNotice(text: string): void {
  process.stderr.write(`sigtables: ${toPrintable(text)}\n`);
}

/** Writes a command's result as one JSON document; bigints become decimal strings. */
export function writeJson(command: string, fields: object): void {
  const document = { schemaVersion: SCHEMA_VERSION, command, ...fields };
  const text = JSON.stringify(document, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  process.stdout.write(`${text}\n`);
}

/**
 * Makes failing standard streams harmless: a reader that went away (`| head`) ends the program quietly, a result that
 * cannot be written is a failure, and a terminal that closed must not keep a build from its checkpoint.
 */
export function guardStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    if (error.code !== 'EIO' || !process.stdout.isTTY) exitWithFailure(writingResultFailed(error));
  });
  process.stderr.on('error', () => {});
}
