import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { link, mkdir, open, readdir, rmdir, unlink, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  LOCK_ATTEMPTS,
  LOCK_FILE_MAX_BYTES,
  LOCK_GARBLED_MS,
  LOCK_RENEWAL_MS,
  LOCK_WATCH_MS,
  LOCK_WATCH_POLL_MS,
} from '../limits.js';
import {
  identifyProcess,
  judgeLiveness,
  type Judgement,
  type Liveness,
  type ProcessIdentity,
} from './process-identity.js';

/** What a lock file says of its holder. */
export interface LockHolder extends ProcessIdentity {
  /** Random, and never used again: tells this hold from every other. */
  readonly token: string;
  /** ISO time, for people; liveness never depends on it. */
  readonly since: string;
  readonly command: string;
  /** The folder socket that the holder has as long as it lives. */
  readonly socket?: string;
  /** Digits, always as many, that the holder changes again and again while it lives. */
  readonly nonce?: string;
}

/** Who stands in the way of a lock. */
export interface Blocker {
  readonly holder: LockHolder | undefined;
  readonly liveness: Liveness;
}

/** What stands at a lock file's path. */
export type LockFileState = 'absent' | 'garbled' | LockHolder;

/** This process as a holder, with a new token; `socket` is the name of the folder socket that it has. */
export async function describeHolder(command: string, socket?: string): Promise<LockHolder> {
  const identity = await identifyProcess();
  const since = new Date().toISOString();
  return { ...identity, token: randomUUID(), since, command, ...(socket && { socket }), nonce: toNonce(0) };
}

function toNonce(count: number): string {
  return String(count).padStart(16, '0');
}

/**
 * Creates the lock file for `self`, removing one whose holder is dead; returns who is in the way, or `undefined` if
 * the lock is held now.
 *
 * The lock of a dead holder is removed only by whoever holds a second lock, named after its token, and has seen
 * under it that the first one still has that token. So nobody can remove the lock of a successor by mistake. If such
 * a remover dies, its second lock is removed in the same way.
 *
 * A holder that cannot be judged from here is watched for `watchMs`: one that renews its nonce lives. One that does not
 * is dead if all names say so; otherwise it stays unknown.
 */
export function claimLockFile(
  lockFile: string,
  self: LockHolder,
  watchMs = LOCK_WATCH_MS,
): Promise<Blocker | undefined> {
  return claim(lockFile, lockFile, self, watchMs);
}

/**
 * Shows others that `self` lives, by a new nonce in its lock file every so often, until the returned function is called
 * and has resolved. `onLost` is called, once, if the file is another holder's or gone.
 */
export function keepRenewing(lockFile: string, self: LockHolder, onLost: () => void): () => Promise<void> {
  let count = 0;
  let renewing = Promise.resolve();
  let isFree = true;
  const renew = async (): Promise<void> => {
    isFree = false;
    count++;
    // A disk that fails for a moment costs one renewal; whether the lock is lost cannot be told then.
    const isHeld = await renewLockFile(lockFile, { ...self, nonce: toNonce(count) }).catch(() => true);
    isFree = true;
    if (isHeld) return;
    clearInterval(timer);
    onLost();
  };
  const timer = setInterval(() => {
    if (isFree) renewing = renew();
  }, LOCK_RENEWAL_MS).unref();
  return () => {
    clearInterval(timer);
    return renewing;
  };
}

/**
 * Writes the nonce of `self` in place, through the descriptor by which its token was read: never into the file of a
 * successor. Closing it is what brings the bytes to a network disk. False if the file is not `self`'s any more.
 */
async function renewLockFile(lockFile: string, self: LockHolder): Promise<boolean> {
  let handle: FileHandle;
  try {
    handle = await open(lockFile, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOCK_FILE_MAX_BYTES), 0, null, 0);
    const seen = parseHolder(buffer.toString('utf8', 0, bytesRead)) ?? 'garbled';
    if (!isSame(seen, self)) return false;
    await handle.write(formatHolder(self), 0); // as long as what was there
    return true;
  } finally {
    await handle.close();
  }
}

/** Removes the lock file if it is `self`'s, what dead processes left beside it, and its folder if that is empty. */
export async function releaseLockFile(lockFile: string, self: LockHolder): Promise<void> {
  if (!isSame(await readLockFile(lockFile), self)) return;
  await removeLeftovers(lockFile);
  await unlinkIfThere(lockFile);
  await rmdir(dirname(lockFile)).catch(() => undefined); // what an interrupted build needs stays
}

/** What stands in a lock file. */
export async function readLockFile(path: string): Promise<LockFileState> {
  const text = await readStart(path);
  return text === undefined ? 'absent' : (parseHolder(text) ?? 'garbled');
}

/** Whether a holder still lives, seen from `self`. */
export async function judgeHolder(holder: LockHolder, self: LockHolder): Promise<Judgement> {
  // Who has the socket now is `self`; so the holder, who would have it as long as it lives, is dead.
  const sameSocket = self.socket !== undefined && holder.socket === self.socket;
  const sameKernel = self.bootId !== undefined && holder.bootId === self.bootId;
  if (sameSocket && sameKernel && holder.networkNamespace === self.networkNamespace) return 'dead';
  return judgeLiveness(holder, self);
}

async function claim(
  lockFile: string,
  path: string,
  self: LockHolder,
  watchMs: number,
): Promise<Blocker | undefined> {
  let seen: LockFileState = 'absent';
  for (let attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
    if (await createExclusively(lockFile, path, self)) return undefined;
    seen = await readSettled(path);
    if (seen === 'absent') continue;
    if (isSame(seen, self)) return undefined; // created, but the answer was lost on a network disk
    const liveness = seen === 'garbled' ? 'dead' : await judgeWatching(path, seen, self, watchMs);
    if (liveness === 'gone') continue;
    if (liveness !== 'dead') return { holder: toHolder(seen), liveness };
    const blocker = await removeDead(lockFile, path, seen, self, watchMs);
    if (blocker) return blocker;
  }
  return { holder: toHolder(seen), liveness: 'unknown' };
}

/** Whether `holder` lives, by watching its lock file where its names do not tell; `gone` if the file went meanwhile. */
async function judgeWatching(
  path: string,
  holder: LockHolder,
  self: LockHolder,
  watchMs: number,
): Promise<Liveness | 'gone'> {
  const judgement = await judgeHolder(holder, self);
  if (judgement === 'alive' || judgement === 'dead') return judgement;
  // A holder of an earlier version renews nothing: watching it shows nothing.
  if (holder.nonce === undefined) return 'unknown';
  const startedAtMs = performance.now();
  while (performance.now() - startedAtMs < watchMs) {
    await sleep(Math.min(LOCK_WATCH_POLL_MS, watchMs));
    const seen = await readLockFile(path);
    if (!isSame(seen, holder)) return 'gone';
    if (toHolder(seen)?.nonce !== holder.nonce) return 'alive';
  }
  return judgement === 'presumed-dead' ? 'dead' : 'unknown';
}

async function removeDead(
  lockFile: string,
  path: string,
  dead: LockFileState,
  self: LockHolder,
  watchMs: number,
): Promise<Blocker | undefined> {
  const claimFile = `${lockFile}.${toHolder(dead)?.token ?? 'garbled'}`;
  const blocker = await claim(lockFile, claimFile, self, watchMs);
  if (blocker) return blocker;
  const seen = await readLockFile(path);
  if (isSame(seen, dead) && toHolder(seen)?.nonce === toHolder(dead)?.nonce) await unlinkIfThere(path);
  await unlinkIfThere(claimFile);
  return undefined;
}

/** A garbled file may be one that is just being written on a disk without links; it is dead if it stays so. */
async function readSettled(path: string): Promise<LockFileState> {
  const seen = await readLockFile(path);
  if (seen !== 'garbled') return seen;
  await sleep(LOCK_GARBLED_MS);
  return readLockFile(path);
}

/** Creates a file with all of its text at once; false if one is there. Makes the folder if it was removed meanwhile. */
async function createExclusively(lockFile: string, path: string, self: LockHolder): Promise<boolean> {
  const text = formatHolder(self);
  const temporary = `${lockFile}.${self.token}.tmp`;
  await ensureFolder(dirname(path));
  try {
    await writeFile(temporary, text);
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOENT') return false; // ENOENT: a lock being released took folder or file away
    if (code !== undefined && LINK_UNSUPPORTED.has(code)) return createWithoutLink(path, text);
    throw error;
  } finally {
    await unlinkIfThere(temporary);
  }
}

const LINK_UNSUPPORTED: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Opens and writes in one turn, so that the file is empty for microseconds only. */
function createWithoutLink(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readStart(path: string): Promise<string | undefined> {
  try {
    const handle = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(LOCK_FILE_MAX_BYTES),
        0,
        LOCK_FILE_MAX_BYTES,
        0,
      );
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function formatHolder(holder: LockHolder): string {
  return `${JSON.stringify(holder)}\n`;
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const TEXT_FIELDS = ['hostname', 'token', 'since', 'command'] as const;
const OPTIONAL_FIELDS = [
  'startTicks',
  'bootId',
  'pidNamespace',
  'networkNamespace',
  'machine',
  'socket',
  'nonce',
] as const;

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(fields['pid']) || (fields['pid'] as number) < 1) return false;
  if (!/^[\w-]+$/.test(String(fields['token']))) return false; // it becomes part of a file name
  if (!TEXT_FIELDS.every((name) => typeof fields[name] === 'string')) return false;
  return OPTIONAL_FIELDS.every((name) => fields[name] === undefined || typeof fields[name] === 'string');
}

function toHolder(seen: LockFileState): LockHolder | undefined {
  return typeof seen === 'string' ? undefined : seen;
}

function isSame(a: LockFileState, b: LockFileState): boolean {
  return typeof a === 'string' || typeof b === 'string' ? a === b : a.token === b.token;
}

async function ensureFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Safe while the lock is held: no removal that is still under way can find its dead token in the lock file again. */
async function removeLeftovers(lockFile: string): Promise<void> {
  const prefix = `${basename(lockFile)}.`;
  for (const name of await readdir(dirname(lockFile))) {
    if (name.startsWith(prefix)) await unlinkIfThere(join(dirname(lockFile), name));
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
