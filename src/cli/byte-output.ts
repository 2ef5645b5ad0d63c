import { write } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writingResultFailed } from '../errors.js';

const STANDARD_OUTPUT_FD = 1;
/** A pipe that another process made non-blocking says EAGAIN when it is full. */
const RETRY_MS = 5;
const writeSome = promisify(write);

/**
 * Writes `pieces` to standard output as they come, until they end or the reader goes away (`| head`), which is no failure.
 * Throws an IO error for anything else. Not through `process.stdout`: that drops the rest of a write that a full disk
 * cuts short, without an error.
 */
export async function writeBytes(pieces: AsyncIterable<Buffer>): Promise<void> {
  for await (const piece of pieces) {
    if (!(await writeFully(piece))) return;
  }
}

/** Returns whether there still is a reader. */
async function writeFully(piece: Buffer): Promise<boolean> {
  let doneBytes = 0;
  while (doneBytes < piece.length) {
    try {
      doneBytes += (await writeSome(STANDARD_OUTPUT_FD, piece, doneBytes)).bytesWritten;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw writingResultFailed(error as Error);
      await wait(RETRY_MS);
    }
  }
  return true;
}
