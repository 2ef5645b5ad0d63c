import { setTimeout as sleep } from 'node:timers/promises';
import { folderLocked, type SigtablesError } from '../errors.js';
import { LOCK_NAMING_MS, LOCK_POLL_MS, LOCK_WATCH_MS } from '../limits.js';
import { bindFolderSocket, type FolderSocket } from './folder-socket.js';
import { claimLockFile, releaseLockFile, type Blocker } from './lock-file.js';
import { describeHolder, judgeHolder, readLockFile, type LockHolder } from './lock-holder.js';
import { keepRenewing } from './lock-renewal.js';

/** The right to write into an output folder. */
export interface Lock {
  /**
   * Gives the lock back: removes the lock file, unless another one is there by now, and its folder if nothing else is
   * in it. Remove what else is to go before: after this call another build may be at work in the folder.
   */
  release(): Promise<void>;
}

export interface LockOptions {
  /** Told if the lock is lost while it is held. */
  readonly onLost?: () => void;
  readonly watchMs?: number;
}

/**
 * Takes the lock of the output folder `folder`, or throws LOCKED and names the holder: within a second, or after
 * `watchMs` where it cannot be judged from here. `lockFile` is a path in an existing folder; `command` is what others are
 * told that this process runs. `onLost` is called if another machine took the lock over, since this one stood still.
 *
 * Three things together make the lock. A socket name in the kernel: exact and freed with the process, but seen by one
 * network namespace only. The lock file, which other containers and hosts see. And the nonce in it, which shows machines
 * that cannot see this process that it lives: a clone of this machine has all of its names. No clock is ever compared.
 */
export async function acquireLock(
  folder: string,
  lockFile: string,
  command: string,
  { onLost = () => undefined, watchMs = LOCK_WATCH_MS }: LockOptions = {},
): Promise<Lock> {
  const socket = await takeSocket(folder, lockFile, command);
  try {
    const self = await describeHolder(command, socket?.name);
    const blocker = await claimLockFile(lockFile, self, watchMs);
    if (blocker) throw describeBlocker(folder, lockFile, blocker);
    const stopRenewing = keepRenewing(lockFile, self, onLost);
    const release = async (): Promise<void> => {
      await stopRenewing();
      await releaseBoth(lockFile, self, socket);
    };
    return { release };
  } catch (error) {
    await socket?.close();
    throw error;
  }
}

/** The folder's socket, or `undefined` where the lock file has to do alone. */
async function takeSocket(
  folder: string,
  lockFile: string,
  command: string,
): Promise<FolderSocket | undefined> {
  const startedAtMs = performance.now();
  for (;;) {
    const socket = await bindFolderSocket(folder);
    if (socket === 'unsupported') return undefined;
    if (socket !== 'held') return socket;
    // Who has the socket may not have written its lock file yet, or may be a killed process that is just ending.
    const blocker = await findHolder(lockFile, command);
    if (blocker.liveness !== 'dead') throw describeBlocker(folder, lockFile, blocker);
    if (performance.now() - startedAtMs > LOCK_NAMING_MS) {
      throw describeBlocker(folder, lockFile, { holder: undefined, liveness: 'alive' });
    }
    await sleep(LOCK_POLL_MS);
  }
}

async function findHolder(lockFile: string, command: string): Promise<Blocker> {
  const seen = await readLockFile(lockFile);
  if (typeof seen === 'string') return { holder: undefined, liveness: 'dead' };
  const judgement = await judgeHolder(seen, await describeHolder(command));
  // Who has the socket now is not who had it in another boot.
  return { holder: seen, liveness: judgement === 'presumed-dead' ? 'dead' : judgement };
}

function describeBlocker(folder: string, lockFile: string, blocker: Blocker): SigtablesError {
  return folderLocked(folder, lockFile, blocker.holder, blocker.liveness === 'alive');
}

async function releaseBoth(
  lockFile: string,
  self: LockHolder,
  socket: FolderSocket | undefined,
): Promise<void> {
  try {
    await releaseLockFile(lockFile, self);
  } finally {
    await socket?.close(); // last: with the socket, nobody who has it finds the file of a live holder
  }
}
