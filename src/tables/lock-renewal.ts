import { open, type FileHandle } from 'node:fs/promises';
import { UPDATE_PLAIN } from '../files/plain-file.js';
import { LOCK_FILE_MAX_BYTES, LOCK_RENEWAL_MS } from '../limits.js';
import { formatHolder, isSame, parseHolder, toNonce, type LockHolder } from './lock-holder.js';

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
    handle = await open(lockFile, UPDATE_PLAIN);
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
