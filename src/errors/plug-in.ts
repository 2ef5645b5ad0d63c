import { MEMORY_ADVICE } from './building.js';
import { SigtablesError } from './sigtables-error.js';
import { shorten, toOneLine } from './quoting.js';

// What is wrong with a signature from a file, with its options, or with what it does. `file` is its path.

const TEMPLATE_ADVICE = 'sigtables init-signature writes one to begin with';

/** `--signature` says a word that is no file. */
export function signatureUnknown(flag: string, text: string, builtIn: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is unknown: expected ${builtIn}, the built-in one, or a file such as ./${shorten(text)}.ts`,
  );
}

/** `--explain` stands beside a signature from a file. */
export function explainOfPlugIn(file: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--explain shows the steps of the built-in signature only, not those of ${file}: leave one of the two out`,
  );
}

/** The file is not there. */
export function plugInNotFound(file: string): SigtablesError {
  return new SigtablesError('USAGE', `there is no signature ${file}: check the path; ${TEMPLATE_ADVICE}`);
}

/** The file is there and cannot be read. */
export function plugInUnreadable(file: string, cause: Error): SigtablesError {
  return new SigtablesError('USAGE', `cannot read the signature ${file}: ${cause.message}`, { cause });
}

/** A pipe or a device has the name that Node reads before it loads a module. */
export function packageNoFile(file: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${file} is not a plain file, and Node would wait for it before it loads a module: remove it, or move the module`,
  );
}

/** The file is of a kind that is not run. */
export function plugInOfOtherKind(file: string, kinds: readonly string[]): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${file} is no signature: expected a file ending in ${kinds.join(', ')}`,
  );
}

/** The code of the module, or of one that it imports, is malformed at `place`. */
export function plugInMalformed(file: string, place: string, what: string): SigtablesError {
  return new SigtablesError('USAGE', `the signature ${file} has a syntax error in ${place}: ${what}`);
}

/** The module, or one that it imports, imports what is not there. */
export function plugInImportMissing(file: string, specifier: string, isPackage: boolean): SigtablesError {
  const advice = isPackage ? `npm install ${specifier} beside it` : 'check the path';
  return new SigtablesError(
    'USAGE',
    `the signature ${file} imports "${specifier}", which is not found: ${advice}`,
  );
}

/** The module fails while it is loaded, before any number. */
export function plugInLoadFailed(file: string, what: string, cause: unknown): SigtablesError {
  return new SigtablesError('USAGE', `the signature ${file} cannot be loaded: ${what}`, { cause });
}

/** What the module exports is no definition. */
export function plugInUnfit(file: string, what: string): SigtablesError {
  return new SigtablesError('USAGE', `the signature ${file} ${what}`);
}

/** The file is another one than the one that the run began with. */
export function plugInChanged(file: string): SigtablesError {
  return new SigtablesError(
    'JOB',
    `the signature ${file} was changed during the run: put the old file back and run the same command again, or begin anew with --force`,
  );
}

/** An `--option` without its `=`, or without anything before it. */
export function optionMalformed(flag: string, text: string): SigtablesError {
  return new SigtablesError('USAGE', `${flag} "${shorten(text)}" is no option: expected key=value`);
}

/** Two values for one option. */
export function optionTwice(flag: string, key: string): SigtablesError {
  return new SigtablesError('USAGE', `${flag} ${toOneLine(key)} is given twice: leave one of them out`);
}

/** An option for a signature that has none. */
export function optionNotTaken(key: string, signature: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--option ${toOneLine(key)} is unknown: the signature ${signature} takes no options`,
  );
}

/** An option that the signature does not know; `known` are those that it does, as far as they can be told. */
export function optionUnknown(key: string, file: string, known: readonly string[]): SigtablesError {
  const hint = known.length > 0 ? `it takes ${known.join(', ')}` : 'leave it out';
  return new SigtablesError(
    'USAGE',
    `--option ${toOneLine(key)} is unknown to the signature ${file}: ${hint}`,
  );
}

/** The schema refuses the value of an option. */
export function optionRefused(key: string, value: string, file: string, issue: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--option ${toOneLine(key)} "${shorten(value)}" is refused by the signature ${file}: ${issue}`,
  );
}

/** The schema wants an option that is not given. */
export function optionMissing(key: string, file: string, issue: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `the signature ${file} needs --option ${toOneLine(key)}=…, which is not given (${issue})`,
  );
}

/** The schema refuses the options as a whole, or fails itself. */
export function optionsRefused(file: string, issue: string): SigtablesError {
  return new SigtablesError('USAGE', `the options are refused by the signature ${file}: ${issue}`);
}

/** `setup` threw. */
export function setUpFailed(file: string, what: string, cause: unknown): SigtablesError {
  return new SigtablesError('JOB', `setup of the signature ${file} failed: ${what}`, { cause });
}

/** `keyOf` failed at the number `n`. */
export function plugInFailedAt(file: string, n: bigint, what: string, cause?: unknown): SigtablesError {
  return new SigtablesError(
    'JOB',
    `the signature ${file} failed at ${shorten(n.toString())}, in keyOf: ${what}`,
    {
      cause,
    },
  );
}

/** Code of the module failed outside of what was called, such as in a callback. */
export function plugInCrashed(file: string, what: string, cause: unknown): SigtablesError {
  return new SigtablesError('JOB', `the signature ${file} failed: ${what}`, { cause });
}

/** The module called `process.exit`, or ended the process by other means of its own. */
export function plugInExited(file: string): SigtablesError {
  return new SigtablesError(
    'JOB',
    `the signature ${file} ended the process: let it throw an error instead of calling process.exit`,
  );
}

/** The process has more memory than a plug-in may make it have. */
export function plugInFilledMemory(file: string, usedBytes: number, boundBytes: number): SigtablesError {
  return new SigtablesError(
    'JOB',
    `the signature ${file} fills the memory: the process has ${toMegabytes(usedBytes)} MB and may have ${toMegabytes(boundBytes)} MB; ${MEMORY_ADVICE}`,
  );
}

/** The plug-in's code has nearly filled the heap of the main thread, where the runtime would abort the process. */
export function plugInFilledHeap(file: string, usedBytes: number, boundBytes: number): SigtablesError {
  return new SigtablesError(
    'JOB',
    `the signature ${file} fills the memory: the main thread's heap has ${toMegabytes(usedBytes)} MB and may have ` +
      `${toMegabytes(boundBytes)} MB; let it keep less, or give more with NODE_OPTIONS=--max-old-space-size=MB`,
  );
}

function toMegabytes(bytes: number): string {
  return String(Math.ceil(bytes / 2 ** 20));
}

/** The module, or its `setup`, waits for what never comes. */
export function plugInStalled(file: string): SigtablesError {
  return new SigtablesError(
    'JOB',
    `the signature ${file} never became ready: its code or its setup awaits something that never comes`,
  );
}

/** The number is not below the end of the signature's domain. */
export function numberBeyondEnd(flag: string, text: string, end: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" has no signature: it is defined for numbers below ${shorten(end.toString())}`,
  );
}

/** `init-signature` would write over a file. */
export function draftInTheWay(file: string): SigtablesError {
  return new SigtablesError('USAGE', `${file} is there already: give another name, or move it away`);
}

/** The name says neither TypeScript nor JavaScript. */
export function draftNameUnfit(file: string, kinds: readonly string[]): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `init-signature "${shorten(file)}": expected a file name ending in ${kinds.join(', ')}`,
  );
}

/** The system refused to write the draft. */
export function draftUnwritable(file: string, cause: Error): SigtablesError {
  return new SigtablesError('OUTPUT', `cannot write ${file}: ${cause.message}`, { cause });
}
