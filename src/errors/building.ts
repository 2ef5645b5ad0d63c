import { SigtablesError } from './sigtables-error.js';
import { shorten, toOneLine } from './quoting.js';

// What a build finds in its way.

/** Numbers too long for the margins around a fragment. */
export function buildTooManyDigits(digits: number, maxDigits: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--range: its numbers have ${digits} digits; a build takes up to ${maxDigits}`,
  );
}

/** More numbers than a spool tells apart. */
export function spoolTooManyNumbers(numbers: bigint, maxNumbers: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `the range has ${shorten(String(numbers))} numbers; up to ${maxNumbers} can be gone through one by one, or be cut into the files of --layout job: take a smaller --range, or --layout signature or single with an --aggregate that the signature's closed form answers`,
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
  held:
    | {
        signature: { name: string };
        range: { start: bigint; end: bigint };
        layout: string;
        shards?: readonly object[] | undefined;
      }
    | undefined,
): SigtablesError {
  const what = held
    ? `the ${held.shards ? 'sharded ' : ''}table set ${held.range.start}..${held.range.end} (signature ${toOneLine(held.signature.name)}, layout ${held.layout})`
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

/** Workers died over one job, at this number where a plug-in was at work. */
export function jobFailed(job: number, deaths: number, cause: Error, number?: bigint): SigtablesError {
  const at = number === undefined ? '' : ` at ${shorten(String(number))}`;
  const times = deaths === 1 ? '' : ` ${deaths} times`;
  const advice = isOutOfMemory(cause) ? `; ${MEMORY_ADVICE}` : '';
  return new SigtablesError(
    'JOB',
    `job ${job}: its worker died${times}${at} (${toOneLine(cause.message)}); finished jobs are kept, the same command goes on${advice}`,
    { cause },
  );
}

/** What helps where a worker's heap, or the process, is full. */
export const MEMORY_ADVICE =
  'let the signature keep less, or give more with --max-memory (half of the memory unless given), or fewer --cpus';

/** Whether a worker died since its heap was full. */
export function isOutOfMemory(error: Error): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** A job took longer than it may, at this number where a plug-in was at work. */
export function jobTimedOut(job: number, timeoutMs: number, number?: bigint): SigtablesError {
  const at = number === undefined ? '' : `, and was at ${shorten(String(number))}`;
  return new SigtablesError(
    'JOB',
    `job ${job}: it took longer than the ${timeoutMs / 1000} s of --job-timeout${at}; finished jobs are kept: give more time or a smaller --chunk, and the same command otherwise goes on`,
  );
}

/** A function of a plug-in failed; `what` names it and the number. */
export function plugInFailedInJob(file: string, what: string): SigtablesError {
  return new SigtablesError(
    'JOB',
    `the signature ${toOneLine(file)} failed: ${what}; finished jobs are kept as long as the file stays as it is`,
  );
}

/** Less memory than the workers need. */
export function memoryTooSmall(givenBytes: number, threads: number, leastBytes: number): SigtablesError {
  return new SigtablesError(
    'OUTPUT',
    `--max-memory: ${givenBytes} bytes are too few for ${threads} worker threads, which need ${leastBytes}: give more, or fewer --cpus`,
  );
}

/** More signatures than a folder should have files. */
export function tooManySignatureFiles(signatures: number, maxFiles: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--layout signature: the range has at least ${signatures} signatures, and a folder takes up to ${maxFiles} files: use --layout single`,
  );
}

/** A spool file is not what its job has written. */
export function spoolDamaged(path: string): SigtablesError {
  return new SigtablesError(
    'IO',
    `${toOneLine(path)} is damaged: check the disk; the same command does its job again and goes on`,
  );
}

/** The output folder is gone, with all that was in it. */
export function folderRemoved(out: string): SigtablesError {
  return new SigtablesError('OUTPUT', `${out} was removed meanwhile: run the same command to build it anew`);
}

/** Not even the program's own files can be opened. */
export function tooFewDescriptors(cause: Error): SigtablesError {
  return new SigtablesError(
    'OUTPUT',
    `this process may not open enough files (${toOneLine(cause.message)}): raise the limit (ulimit -n) and run the same command`,
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
