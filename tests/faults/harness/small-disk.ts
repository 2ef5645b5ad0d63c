import { mkdirSync, statfsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotTested, type FaultContext } from '../fault.js';
import { runProgram } from './command.js';

const FILLER = 'filler';

/** Mounts a file system in memory with these options for the rest of the trial. Throws a NotTested where that is not allowed. */
export async function mountMemory(context: FaultContext, options: string): Promise<string> {
  const folder = join(context.folder, 'disk');
  mkdirSync(folder);
  await runProgram('mount', '-t', 'tmpfs', '-o', options, 'sigtables-faults', folder).catch(() => {
    throw new NotTested('mounting a small tmpfs');
  });
  context.atEnd(() => runProgram('umount', '-l', folder));
  return folder;
}

/** Changes the options of a mounted file system. */
export async function remount(folder: string, options: string): Promise<void> {
  await runProgram('mount', '-o', `remount,${options}`, folder);
}

/** Takes all room on the disk of `folder` but `leftBytes`; `makeRoom` gives it back. */
export function fillUp(folder: string, leftBytes: number): void {
  const path = join(folder, FILLER);
  let { bavail, bsize } = statfsSync(folder);
  try {
    while (bavail > 0) {
      writeFileSync(path, Buffer.alloc(Math.min(bavail * bsize, 4_000_000)), { flag: 'a' });
      ({ bavail, bsize } = statfsSync(folder));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
  const filled = statfsSync(folder);
  const freeBytes = filled.bavail * filled.bsize;
  if (freeBytes < leftBytes) truncateSync(path, Math.max(0, statSync(path).size - (leftBytes - freeBytes)));
}

/** Gives back what `fillUp` took. */
export function makeRoom(folder: string): void {
  truncateSync(join(folder, FILLER), 0);
}
