/**
 * What went wrong, as the exit statuses of the command line group it.
 * `limits.ts` has no say here: these numbers are a public promise.
 */
export const EXIT_STATUS = {
  /** A fault in sigtables itself. */
  FAULT: 1,
  /** A flag, an argument, or a plan that contradicts what the folder holds. */
  USAGE: 2,
  /** A table set that is absent, incomplete or damaged. */
  TABLES: 3,
  /** Another build holds the folder. */
  LOCKED: 4,
  /** The output place refused: space, quota, permission, limits. */
  OUTPUT: 5,
  /** An input or output operation failed. */
  IO: 6,
  /** A job failed: a plug-in threw, a worker died. */
  JOB: 7,
} as const;

export type ErrorCode = keyof typeof EXIT_STATUS;

/** Every failure that sigtables foresees: one line that says what happened, where, what was kept and what to do. */
export class SigtablesError extends Error {
  override readonly name = 'SigtablesError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

// ---- The command line ----

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

// ---- Numbers, ranges, CPUs, signing ----

const NUMBER_EXAMPLES = '1e9, 1_000_000, 10**9, 2^40, 1.5e6 or 1e9+1e6';

/** `text` is no number expression; `rest` is the part that could not be read. */
export function expressionMalformed(flag: string, text: string, rest: string): SigtablesError {
  const found = rest.trim() === '' ? 'it ends too soon' : `"${shorten(rest.trim())}" does not fit`;
  const what = text === '' ? 'is empty' : `is not a number (${found})`;
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" ${what}: expected one such as ${NUMBER_EXAMPLES}`,
  );
}

/** `text` is a number, but a fraction. */
export function expressionNotWhole(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is not a whole number: write one such as ${NUMBER_EXAMPLES}`,
  );
}

/** `text` is below zero. */
export function expressionNegative(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is negative: write a whole number such as ${NUMBER_EXAMPLES}`,
  );
}

/** `text` has more than `maxDigits` digits. */
export function expressionTooLarge(flag: string, text: string, maxDigits: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is too large: write a number of at most ${maxDigits} digits`,
  );
}

/** The range ends where it begins. */
export function rangeEmpty(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is empty: its end is not included, so let it end above its start`,
  );
}

/** The range ends before it begins. */
export function rangeReversed(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is reversed: write the smaller number first, START..END`,
  );
}

/** The range begins below `first`, the signature's first number. */
export function rangeBelowFirst(flag: string, text: string, first: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" starts too low: the signature is defined from ${first} on`,
  );
}

/** The range ends before `first`, where it would begin, or there. */
export function rangeTooSmall(flag: string, text: string, first: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" holds no number: the signature is defined from ${first} on, so let it end at ${first + 1n} or above`,
  );
}

/** The number `text` is below `first`, where its signature is defined from. */
export function numberBelowFirst(flag: string, text: string, first: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" has no signature: it is defined from ${first} on`,
  );
}

/** `-` stands beside other arguments of `sign`. */
export function signInputNotAlone(): SigtablesError {
  return new SigtablesError(
    'USAGE',
    'sign - reads the numbers from standard input: leave the other arguments out',
  );
}

/** A line of `source` is longer than any number needs: `maxBytes`. */
export function lineTooLong(source: string, maxBytes: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${source} has a line above ${maxBytes} bytes: expected one number per line`,
  );
}

/** Reading `source` failed. */
export function inputFailed(source: string, cause: Error): SigtablesError {
  return new SigtablesError('IO', `cannot read ${source}: ${cause.message}`, { cause });
}

/** `text` is no number of CPUs, no share and not `max`. */
export function cpusMalformed(flag: string, text: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is not a number of CPUs: expected one such as 6, 50% or max`,
  );
}

/** `text` is a number of CPUs or a share, but not one that can be had. */
export function cpusOutOfBounds(flag: string, text: string, maxCpus: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} "${shorten(text)}" is out of bounds: expected 1 to ${maxCpus}, 1% to 100%, or max`,
  );
}

/** What a user gave may be of any length; a message is one line. */
function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 40)}…${text.slice(-16)}`;
}

/** Another build holds the folder `out`; unless it is `alive`, that can only be presumed. */
export function folderLocked(
  out: string,
  lockFile: string,
  holder: { pid: number; hostname: string; since: string; command: string } | undefined,
  alive: boolean,
): SigtablesError {
  const who = holder
    ? `process ${holder.pid} on ${toOneLine(holder.hostname)} since ${toOneLine(holder.since)} (${toOneLine(holder.command)})`
    : 'another process';
  const advice = alive
    ? 'wait for it to end, or choose another folder with --out'
    : `it cannot be checked from here; if you are certain that nobody builds there, remove ${lockFile} and try again`;
  return new SigtablesError('LOCKED', `${out} is locked by ${who}: ${advice}`);
}

/** The system took none of the bytes, and gave no reason. */
export function writeStalled(path: string): SigtablesError {
  return new SigtablesError(
    'IO',
    `cannot write ${path}: the system takes no more bytes; check the disk and try again`,
  );
}

/** The journal lost bytes between reading it and going on with it. */
export function journalShrank(path: string): SigtablesError {
  return new SigtablesError('IO', `${path} shrank while it was being opened: run the same command again`);
}

/** A journal record of `sizeBytes` could not be read back. */
export function recordTooLong(path: string, sizeBytes: number): SigtablesError {
  return new SigtablesError(
    'FAULT',
    `a record of ${sizeBytes} bytes is too long for ${path}: this is a fault in sigtables`,
  );
}

/** The folder holds no table set, or one that is not complete. */
export function noTableSet(folder: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `no table set in ${folder}, or an incomplete one: run sigtables build --out ${folder} first`,
  );
}

/** The manifest is not what was written. */
export function manifestDamaged(path: string, why: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${path} is damaged (${why}): build the table set again with sigtables build --force`,
  );
}

/** The manifest is of a format that came after this version. */
export function manifestTooNew(path: string, version: number, known: number): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${path} was written by a newer sigtables (format ${version}, this one reads up to ${known}): update sigtables`,
  );
}

/** The manifest is larger than any that sigtables writes. */
export function manifestTooLarge(path: string, sizeBytes: number, maxBytes: number): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${path} has ${sizeBytes} bytes, more than the ${maxBytes} a manifest may have: build the table set again`,
  );
}

/** Text from a file that anybody may have written: no control characters, not endless. */
function toOneLine(text: string): string {
  return shorten(text.replace(/\p{C}/gu, '?'));
}

// What a build finds in its way.

/** Numbers too long for the margins around a fragment. */
export function buildTooManyDigits(digits: number, maxDigits: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--range: its numbers have ${digits} digits; a build takes up to ${maxDigits}`,
  );
}

/** Something that is no folder stands where the output folder is to be. */
export function outputIsNoFolder(path: string): SigtablesError {
  return new SigtablesError(
    'OUTPUT',
    `--out: ${path} is not a folder: name another place, or move that file away`,
  );
}

/** The output folder, or the one it is to be made in, takes no files. */
export function outputNotWritable(folder: string, cause: NodeJS.ErrnoException): SigtablesError {
  const why = cause.code === 'EROFS' ? 'it is mounted read-only' : 'this user may not write there';
  return new SigtablesError('OUTPUT', `--out: cannot write in ${folder}: ${why}; name another folder`, {
    cause,
  });
}

/** Less free space than bytes to write. */
export function notEnoughSpace(out: string, missingBytes: bigint, freeBytes: bigint): SigtablesError {
  return new SigtablesError(
    'OUTPUT',
    `--out: ${out} needs ${missingBytes} bytes more, and its disk has ${freeBytes} free (${missingBytes - freeBytes} too few): make room or name another folder`,
  );
}

/** Fewer free inodes than files to write. */
export function notEnoughInodes(out: string, missingFiles: bigint, freeFiles: bigint): SigtablesError {
  return new SigtablesError(
    'OUTPUT',
    `--out: ${out} needs ${missingFiles} files more, and its disk takes ${freeFiles}: use --layout single, or name another folder`,
  );
}

/** The folder holds the tables of something else. */
export function folderHoldsOtherSet(
  out: string,
  held: { signature: { name: string }; range: { start: bigint; end: bigint }; layout: string } | undefined,
): SigtablesError {
  const what = held
    ? `the table set ${held.range.start}..${held.range.end} (signature ${toOneLine(held.signature.name)}, layout ${held.layout})`
    : 'a table set whose manifest is damaged';
  return new SigtablesError(
    'USAGE',
    `--out: ${out} holds ${what}: name another folder, or replace it with --force`,
  );
}

/** The folder holds an interrupted build of something else, or of another version. */
export function folderHoldsOtherBuild(
  out: string,
  plan: { start: string; end: string; layout: string; chunk: string },
  writer: string | undefined,
): SigtablesError {
  const what = `an unfinished build of --range ${toOneLine(plan.start)}..${toOneLine(plan.end)} --layout ${toOneLine(plan.layout)} --chunk ${toOneLine(plan.chunk)}`;
  const by = writer === undefined ? '' : ` by sigtables ${toOneLine(writer)}`;
  return new SigtablesError(
    'USAGE',
    `--out: ${out} holds ${what}${by}: finish it with the same command, name another folder, or replace it with --force`,
  );
}

/** The folder holds files that no build made. */
export function folderHoldsForeignFiles(out: string, name: string, isNeeded: boolean): SigtablesError {
  return new SigtablesError(
    'USAGE',
    isNeeded
      ? `--out: ${out} holds ${toOneLine(name)}, which sigtables did not write and will not replace: move it away, or name another folder`
      : `--out: ${out} holds files of others, such as ${toOneLine(name)}: name an empty folder, or build beside them with --force`,
  );
}

/** A file of a complete table set is gone or has another size. */
export function tableFileWrong(path: string, bytes: bigint, found: number | undefined): SigtablesError {
  const what = found === undefined ? 'is gone' : `has ${found} bytes instead of ${bytes}`;
  return new SigtablesError(
    'TABLES',
    `${path} ${what}: build the table set again with sigtables build --force`,
  );
}

/** Workers died over one job. */
export function jobFailed(job: number, deaths: number, cause: Error): SigtablesError {
  return new SigtablesError(
    'JOB',
    `job ${job}: its worker died ${deaths} times (${toOneLine(cause.message)}); finished jobs are kept, the same command goes on`,
    { cause },
  );
}

const REFUSALS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'a file would be larger than the limit on file sizes (ulimit -f, or the file system)',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  EMFILE: 'this process may not open more files (ulimit -n)',
  ENFILE: 'the system has no more files to open',
  ENOENT: 'the folder was removed meanwhile',
  ENOTDIR: 'the folder was replaced meanwhile',
  ELOOP: 'a symbolic link stands in the place of a table file',
};
/** Node 20 has no name for it: libuv gives UNKNOWN. */
const EDQUOT_ERRNO = -122;

/** What the system said of an operation on `out`: OUTPUT where the place refused, IO where the operation failed. */
export function systemFailed(
  out: string,
  failure: {
    message: string;
    code?: string | undefined;
    errno?: number | undefined;
    path?: string | undefined;
  },
  kept: string,
): SigtablesError {
  const code = failure.errno === EDQUOT_ERRNO ? 'EDQUOT' : (failure.code ?? 'UNKNOWN');
  const refusal = REFUSALS[code];
  const where = toOneLine(failure.path ?? out);
  const cause = { cause: failure };
  if (refusal !== undefined) {
    return new SigtablesError(
      'OUTPUT',
      `${where}: ${refusal} (${code}); ${kept}; mend it and run the same command`,
      cause,
    );
  }
  return new SigtablesError(
    'IO',
    `${where}: ${toOneLine(failure.message)}; ${kept}; check the disk, then run the same command`,
    cause,
  );
}
