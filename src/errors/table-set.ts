import { SigtablesError } from './sigtables-error.js';
import { toOneLine } from './quoting.js';

// What is wrong with a lock, a journal or a manifest.

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

/** The system does not let the manifest be read. */
export function manifestUnreadable(path: string, cause: Error): SigtablesError {
  return new SigtablesError('IO', `cannot read ${path}: ${cause.message}; mend it and run the same command`, {
    cause,
  });
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
