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

/** Another machine saw no sign of life of this one for seconds, and took the lock of `out` over. */
export function lockLost(out: string): SigtablesError {
  return new SigtablesError(
    'LOCKED',
    `${out}: this machine stood still, and another one has taken over the lock; wait for its build to end`,
  );
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

/** A sharded table set stands where a plain one is needed. */
export function tablesAreSharded(folder: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${toOneLine(folder)} holds a sharded table set, which is none of its own: name one of its shards, or make one set of it with sigtables merge`,
  );
}

/** A shard is not what the manifest of its sharded table set says; `path` is that of the shard's folder or manifest. */
export function shardDiffers(path: string, what: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${toOneLine(path)} is not the shard that the manifest of its sharded table set names (${toOneLine(what)}): put that shard back, or build it again`,
  );
}

/** No rule says how the values of several shards make one. */
export function valuesNotCombinable(folder: string, signature: string, why: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `the shards of ${toOneLine(folder)} have several values of ${toOneLine(signature)}, and ${toOneLine(why)}: read those of the shards, or build the whole range as one set`,
  );
}
