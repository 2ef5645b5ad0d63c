import { mkdir, open, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UPDATE_PLAIN, WRITE_PLAIN } from '../files/plain-file.js';
import { writeStalled } from '../errors.js';
import { WRITE_BUFFER_BYTES } from '../limits.js';

/**
 * Writes a file whole or not at all: to a temporary name in its folder, then renamed. With `sync` the file is on the
 * disk when this returns. On failure the temporary file is removed and the system's error thrown as it came.
 */
export async function writeFileDurably(
  path: string,
  chunks: Iterable<string | Uint8Array>,
  options: { readonly sync: boolean },
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.tmp-${String(process.pid)}`);
  try {
    await writeAndClose(await open(temporary, WRITE_PLAIN), temporary, chunks, options.sync);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined); // the first failure is the one to tell
    throw error;
  }
  if (options.sync) await syncFolder(dirname(path));
}

/**
 * Makes a folder, and those above it that are missing; one that is there already is as good. Node's own way to do that says
 * ENOENT of whatever kept it from it, a full disk too.
 */
export async function makeFolder(path: string): Promise<void> {
  const mayBeThere = async (error: NodeJS.ErrnoException): Promise<void> => {
    if (error.code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  };
  const parent = dirname(path);
  await mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || parent === path) return mayBeThere(error);
    await makeFolder(parent);
    await mkdir(path).catch(mayBeThere);
  });
}

/** Brings the content of the file at `path` to the disk. Throws what the system throws. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, UPDATE_PLAIN);
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Makes the names of a folder's files durable; does nothing on Windows, where a folder cannot be synced. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes all of `bytes` at `position`, going on after short writes; returns the position behind them. An error that
 * follows a partial write is thrown by the write after it.
 */
export async function writeFully(
  handle: Pick<FileHandle, 'write'>,
  path: string,
  bytes: Uint8Array,
  position: number,
): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw writeStalled(path);
    done += bytesWritten;
  }
  return position + done;
}

/** Closes the file in every case; a failing close (a quota over NFS) counts as a failure to write. */
async function writeAndClose(
  handle: FileHandle,
  path: string,
  chunks: Iterable<string | Uint8Array>,
  sync: boolean,
): Promise<void> {
  try {
    let position = 0;
    for (const bytes of packChunks(chunks)) position = await writeFully(handle, path, bytes, position);
    if (sync) await handle.sync();
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
  await handle.close();
}

/** Gathers small chunks into buffers worth a write. A yielded buffer is valid until the next one is asked for. */
function* packChunks(chunks: Iterable<string | Uint8Array>): Generator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(WRITE_BUFFER_BYTES);
  let filled = 0;
  for (const chunk of chunks) {
    let bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    while (bytes.length > 0) {
      const room = buffer.length - filled;
      buffer.set(bytes.subarray(0, room), filled);
      filled += Math.min(room, bytes.length);
      bytes = bytes.subarray(room);
      if (filled < buffer.length) continue;
      yield buffer;
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}
