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

/** More jobs than a build keeps account of. */
export function buildTooManyJobs(jobs: bigint, maxJobs: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--chunk: the range makes ${jobs} jobs, and a build takes up to ${maxJobs}: give a larger --chunk, or a smaller range`,
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
  ELOOP: 'a symbolic link stands where none may',
  ENAMETOOLONG: 'the name is too long',
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

// ---- Shards and merging ----

/** A range has fewer numbers than it is to have parts. */
export function tooManyShards(count: number, numbers: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--shard: ${count} parts of a range of ${numbers} numbers would leave some empty: take ${numbers} parts at most`,
  );
}

/** The value of `name` is no part of so many. */
export function shardMalformed(name: string, text: string, maxCount: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${name} "${shorten(text)}" is no part: expected i/n, such as 1/9 to 9/9, with n up to ${maxCount}`,
  );
}

/** A file of a table set that is merged is not what the set's manifest says. */
export function sourceDamaged(path: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${toOneLine(path)} is damaged: its CRC-32 is not the one in its manifest; mend or build that table set again, then merge again (nothing was kept)`,
  );
}

/** A file of a table set that is merged cannot be read, or is not as large as it was. */
export function sourceUnreadable(failure: {
  message: string;
  code?: string | undefined;
  path?: string | undefined;
}): SigtablesError {
  const isGone = failure.code === undefined || failure.code === 'ENOENT';
  const where = failure.path === undefined ? 'a table set' : toOneLine(failure.path);
  return new SigtablesError(
    isGone ? 'TABLES' : 'IO',
    `cannot read ${where}: ${toOneLine(failure.message)}; finished jobs are kept: mend it and run the same merge`,
    { cause: failure },
  );
}

interface SetFacts {
  readonly folder: string;
  readonly range: { readonly start: bigint; readonly end: bigint };
}

function nameSet({ folder, range }: SetFacts): string {
  return `${toOneLine(folder)} (${range.start}..${range.end})`;
}

/** No table set holds the numbers between two others. */
export function mergeHasGap(below: SetFacts, above: SetFacts): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${nameSet(below)} and ${nameSet(above)} leave a gap: no folder has ${below.range.end}..${above.range.start}; name one that has, or build it`,
  );
}

/** Two table sets hold the same numbers. */
export function mergeOverlaps(below: SetFacts, above: SetFacts): SigtablesError {
  const end = below.range.end < above.range.end ? below.range.end : above.range.end;
  return new SigtablesError(
    'USAGE',
    `${nameSet(below)} and ${nameSet(above)} overlap: both have ${above.range.start}..${end}; leave one out`,
  );
}

/** Two table sets differ in `what`, which a merged one has but once. */
export function mergeDiffers(
  what: string,
  one: { folder: string; value: string },
  other: { folder: string; value: string },
  advice: string,
): SigtablesError {
  const [a, b] = [one, other].map(({ folder, value }) => `${toOneLine(folder)} has ${toOneLine(value)}`);
  return new SigtablesError('USAGE', `the table sets differ in their ${what}: ${a}, ${b}; ${advice}`);
}

/** This version does not know the signature, or another version of it. */
export function mergeOfUnknownSignature(
  folder: string,
  signature: { name: string; version: string },
): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${toOneLine(folder)} holds the signature ${toOneLine(signature.name)} ${toOneLine(signature.version)}, which this sigtables cannot merge: build the whole range instead`,
  );
}

/** The output folder is a source, in one, or around one. */
export function mergeIntoSource(out: string, folder: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--out: ${out} and the source ${toOneLine(folder)} are the same folder, or one lies in the other: name another place`,
  );
}

/** No folder to merge. */
export function mergeOfNothing(): SigtablesError {
  return new SigtablesError('USAGE', 'merge needs a folder or more: sigtables merge shard-* --out tables');
}

// ---- The closed form ----

/** Jobs of a size that divides no small power of ten, too many to measure one by one. */
export function planTooManyJobs(chunk: bigint, jobs: bigint, maxJobs: number): SigtablesError {
  const size = chunk.toString();
  const power = `1e${/^10*$/.test(size) ? size.length - 1 : size.length}`;
  return new SigtablesError(
    'USAGE',
    `--chunk: ${size} makes ${jobs} jobs of the range, and --layout job plans up to ${maxJobs} of such a size: take a power of ten, such as ${power}, or another layout`,
  );
}

// ---- Reading tables ----

/** A table file does not hold at `offset`, in bytes, what it must. */
export function tableDamaged(path: string, offset: number, what: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${toOneLine(path)} is damaged at byte ${offset}: ${what}; sigtables verify shows what else is, sigtables build --force writes it again`,
  );
}

/** What stands in the place of a table file is a link, a folder, a device. */
export function tableNotAFile(path: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${toOneLine(path)} is not a plain file: table sets hold no links; put the file itself there, or build again`,
  );
}

/** The system refused to open or read a table file. */
export function tableUnreadable(path: string, cause: NodeJS.ErrnoException): SigtablesError {
  return new SigtablesError('IO', `cannot read ${toOneLine(path)}: ${cause.message}`, { cause });
}

/** A table set is used after `close()`. */
export function tablesClosed(folder: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `the tables in ${toOneLine(folder)} are closed: open them again with openTables`,
  );
}

/** No number of the range or table set has the signature. */
export function signatureNotFound(signature: string, where: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `no number of ${toOneLine(where)} has the signature "${toOneLine(signature)}"; sigtables sign prints the signature of a number`,
  );
}

/** The bucket has no member at `index`. */
export function indexOutOfBounds(
  flag: string,
  index: bigint,
  signature: string,
  count: bigint,
): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} ${shorten(index.toString())} is out of bounds: ${toOneLine(signature)} has ${shorten(count.toString())} numbers, at 0 to ${shorten((count - 1n).toString())}`,
  );
}

/** The range or table set does not hold the number. */
export function numberNotFound(n: bigint, where: string): SigtablesError {
  return new SigtablesError('USAGE', `${shorten(n.toString())} is not in ${toOneLine(where)}`);
}

/** Flags that contradict each other. */
export function flagsExclude(one: string, other: string): SigtablesError {
  return new SigtablesError('USAGE', `${one} and ${other} exclude each other: give one of them`);
}

// ---- Checking a table set: what is wrong with its files, in words for a line that names the file ----

/** A file that the manifest names is not there. */
export function fileIsMissing(): string {
  return 'it is missing';
}

/** A symbolic link stands in the place of a file: what it leads to is not looked at. */
export function fileIsLink(): string {
  return 'a symbolic link stands in its place';
}

/** Something else stands in the place of a file. */
export function fileIsNoFile(): string {
  return 'something else than a file stands in its place';
}

/** The disk does not give the file's bytes. */
export function fileUnreadable(): string {
  return 'the disk cannot read it';
}

/** Sizes in bytes. */
export function fileOfOtherSize(found: number, expected: number): string {
  return `it has ${found} bytes instead of ${expected}`;
}

/** The file is not what was written. */
export function checksumDiffers(): string {
  return 'its CRC-32 is not the one in the manifest';
}

/** More bytes follow where the file is to end. */
export function surplusBytes(): string {
  return 'the file goes on behind its end';
}

/** The file ends where more is to follow. */
export function fileEndsEarly(): string {
  return 'the file ends there';
}

/** Another text stands where `expected` is to. */
export function textUnexpected(expected: string, found: string): string {
  return `${JSON.stringify(found)} stands where ${expected === 'a number' ? expected : JSON.stringify(expected)} is to`;
}

/** A number that stands behind a larger one, or behind itself. */
export function numberNotAscending(number: string): string {
  return `${shorten(number)} is not above the number before it`;
}

/** A number that the table set is not about. */
export function numberOutsideRange(number: string, range: { start: bigint; end: bigint }): string {
  return `${shorten(number)} is not in ${shorten(`${range.start}..${range.end}`)}`;
}

/** A number in the wrong bucket; `found` is absent where it has no signature at all. */
export function numberOfOtherKey(number: string, found: string | undefined, key: string): string {
  const has = found === undefined ? 'no signature' : `the signature ${toOneLine(found)}`;
  return `${shorten(number)} has ${has}, not ${toOneLine(key)}`;
}

/** Files of a table set are not what they should be; they have been listed. */
export function tablesDamaged(folder: string, damaged: number, files: number): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${damaged} of ${files} files of ${folder} are missing or damaged; sigtables verify --repair ${folder} writes them anew`,
  );
}

/** The same, of a signature whose files cannot be written from the closed form. */
export function tablesDamagedForGood(folder: string, damaged: number, files: number): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${damaged} of ${files} files of ${folder} are missing or damaged: build the table set again with sigtables build --force`,
  );
}

/** The manifest is intact, but not what the signature gives for the range. */
export function manifestContradictsSignature(path: string, why: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${path} is not what its signature gives (${toOneLine(why)}): build the table set again with sigtables build --force`,
  );
}

/** A file that was written anew is not what the manifest says. */
export function repairContradictsManifest(path: string, why: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${path} cannot be repaired: written anew, ${why}; nothing was changed: build the table set again with sigtables build --force`,
  );
}

/** A table set's signature is none that this version knows. */
export function verifyNeedsSignature(
  folder: string,
  { name, version }: { name: string; version: string },
): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${folder} is of the signature ${toOneLine(name)} ${toOneLine(version)}, which this sigtables does not know: verify it without --deep and --repair`,
  );
}

/** A file of a table set cannot be read, through no fault of the file. */
export function tableCheckFailed(
  folder: string,
  failure: { message: string; path?: string | undefined },
): SigtablesError {
  return new SigtablesError(
    'IO',
    `cannot check ${toOneLine(failure.path ?? folder)}: ${toOneLine(failure.message)}; mend it and run the same command`,
    { cause: failure },
  );
}

/** A worker that checked files died. */
export function tableCheckerDied(cause: Error): SigtablesError {
  return new SigtablesError(
    'JOB',
    `a worker died while it checked files (${toOneLine(cause.message)}): run the same command with fewer --cpus`,
    { cause },
  );
}
