import type { Stats } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { READ_LINKED } from './plain-file.js';

/** What a file that the user names may be. */
export interface NamedFileLimits {
  readonly maxBytes: number;
  /** How long a pipe or a terminal may take to give all of it, in ms; without it only a plain file is read. */
  readonly pipeMs?: number;
}

const LOOK_AGAIN_MS = 10;
const BLOCK_BYTES = 64 * 1024;

/**
 * Reads a file that a flag names; links to it are followed. Rejects with what the system says, and with an Error whose message
 * goes on after "cannot read FILE: " for what is no file, is too large, or does not end.
 */
export async function readNamedFile(path: string, limits: NamedFileLimits): Promise<Buffer> {
  const handle = await open(path, READ_LINKED).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENXIO' ? new Error('it is a socket, not a file', { cause: error }) : error;
  });
  try {
    const stats = await handle.stat();
    if (stats.isFile()) {
      if (stats.size > limits.maxBytes) throw tooLarge(limits.maxBytes);
      return await readToEnd(handle, limits.maxBytes, () => false);
    }
    if (stats.isDirectory()) throw new Error('it is a folder, not a file');
    if (limits.pipeMs === undefined) throw new Error(`it is ${describeKind(stats)}, not a plain file`);
    // A pipe that has a name is empty until its writer comes; one without has had its writer all along.
    const awaitsWriter = stats.isFIFO() && (await hasName(path));
    const deadlineMs = performance.now() + limits.pipeMs;
    return await readToEnd(handle, limits.maxBytes, async (isEmpty, isAtEnd) => {
      if (isAtEnd && !(isEmpty && awaitsWriter)) return false;
      if (performance.now() > deadlineMs)
        throw new Error(`it did not end within ${(limits.pipeMs ?? 0) / 1000} s`);
      if (isAtEnd || isAtEnd === undefined) await sleep(LOOK_AGAIN_MS);
      return true;
    });
  } finally {
    await handle.close();
  }
}

/**
 * Whether to read on: asked after each block (`isAtEnd` false), where there is nothing at the moment (undefined), and at an end
 * (true); `isEmpty` says that nothing has come so far.
 */
type ReadsOn = (isEmpty: boolean, isAtEnd: boolean | undefined) => boolean | Promise<boolean>;

async function readToEnd(handle: FileHandle, maxBytes: number, readsOn: ReadsOn): Promise<Buffer> {
  const blocks: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const block = await readBlock(handle);
    if (block && block.length > 0) {
      bytes += block.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      blocks.push(block);
    }
    const isAtEnd = block === undefined ? undefined : block.length === 0;
    const goesOn = await readsOn(bytes === 0, isAtEnd);
    if (isAtEnd === true && !goesOn) return Buffer.concat(blocks);
  }
}

/** What there is; nothing where a pipe has nothing at the moment. */
async function readBlock(handle: FileHandle): Promise<Buffer | undefined> {
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(BLOCK_BYTES), 0, BLOCK_BYTES, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}

async function hasName(path: string): Promise<boolean> {
  return realpath(path).then(
    () => true,
    () => false,
  );
}

function tooLarge(maxBytes: number): Error {
  return new Error(`it holds more than ${maxBytes / 2 ** 20} MiB, the most that is read`);
}

function describeKind(stats: Stats): string {
  return stats.isFIFO() ? 'a pipe' : stats.isSocket() ? 'a socket' : 'a device';
}
