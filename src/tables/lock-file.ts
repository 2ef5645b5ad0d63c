import { writeFileSync } from 'node:fs';
import { link, mkdir, readdir, rmdir, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOCK_ATTEMPTS, LOCK_GARBLED_MS, LOCK_WATCH_MS, LOCK_WATCH_POLL_MS } from '../limits.js';
import {
  formatHolder,
  isSame,
  judgeHolder,
  readLockFile,
  toHolder,
  type LockFileState,
  type LockHolder,
} from './lock-holder.js';
import type { Liveness } from './process-identity.js';

/** Who stands in the way of a lock. */
export interface Blocker {
  readonly holder: LockHolder | undefined;
  readonly liveness: Liveness;
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

/** Removes the lock file if it is `self`'s, what dead processes left beside it, and its folder if that is empty. */
export async function releaseLockFile(lockFile: string, self: LockHolder): Promise<void> {
  if (!isSame(await readLockFile(lockFile), self)) return;
  await removeLeftovers(lockFile);
  await unlinkIfThere(lockFile);
  await rmdir(dirname(lockFile)).catch(() => undefined); // what an interrupted build needs stays
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
