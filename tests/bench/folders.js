import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes what a run left and waits until the disk is quiet, so that it does not slow the next run: ext4 passes over
 * inodes freed in the last minute one by one, which makes creating files ten times slower right after a removal.
 */
export function clearFolder(folder, settleSeconds = 0) {
  rmSync(folder, { recursive: true, force: true });
  execFileSync('sync');
  execFileSync('sleep', [String(settleSeconds)]);
}

/** A new, empty folder. */
export function renewFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The bytes of each file right in `folder`, in the order of their names. */
export function readSizes(folder) {
  return readdirSync(folder)
    .sort()
    .map((name) => statSync(join(folder, name)))
    .filter((stats) => stats.isFile())
    .map((stats) => stats.size);
}
