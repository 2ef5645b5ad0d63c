import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

const { O_RDONLY, O_RDWR, O_CREAT, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Flags to read what others may have put there: no link leads out of the folder, and no pipe makes the reader wait. The
 * descriptor may still be a pipe or a device: `openPlainFile` looks at that too.
 */
export const READ_PLAIN = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

/** The same for a file whose name the user has chosen: links to it are the user's. */
export const READ_LINKED = O_RDONLY | O_NONBLOCK;

/** Flags to write a file over: a link in its place is not followed, and no pipe makes the writer wait. */
export const WRITE_PLAIN = O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK;

/** Flags to go on writing a file that is there; as above. */
export const UPDATE_PLAIN = O_RDWR | O_NOFOLLOW | O_NONBLOCK;

/** What `openPlainFile` and `readPlainFile` throw of their own; EFTYPE and EFBIG are the names that systems have for it. */
class UnfitFileError extends Error {
  readonly code: 'EFTYPE' | 'EFBIG';

  constructor(code: 'EFTYPE' | 'EFBIG', message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Opens the file at `path` to read it. Throws what the system throws, and an error with the code EFTYPE for what is no plain
 * file; `isNoPlainFile` knows both.
 */
export function openPlainFile(path: string, flags: number = READ_PLAIN): number {
  const fd = openSync(path, flags);
  try {
    if (!fstatSync(fd).isFile()) throw new UnfitFileError('EFTYPE', `${path} is not a plain file`);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Reads the file at `path`. Throws as `openPlainFile` does, and with the code EFBIG for more than `maxBytes`. */
export function readPlainFile(path: string, maxBytes: number, flags: number = READ_PLAIN): Buffer {
  const fd = openPlainFile(path, flags);
  try {
    return readBounded(fd, maxBytes);
  } finally {
    closeSync(fd);
  }
}

/** Reads the plain file `fd` from its start. Throws EFBIG for more than `maxBytes`. */
export function readBounded(fd: number, maxBytes: number): Buffer {
  const { size } = fstatSync(fd);
  if (size > maxBytes) throw tooLarge(maxBytes);
  // One byte more shows that it grows meanwhile. Files of /proc have the size 0 and still hold something.
  const buffer = Buffer.allocUnsafe(size > 0 ? size + 1 : maxBytes + 1);
  let filled = 0;
  while (filled < buffer.length) {
    const read = readSync(fd, buffer, filled, buffer.length - filled, filled);
    if (read === 0) return buffer.subarray(0, filled);
    filled += read;
  }
  throw tooLarge(maxBytes);
}

function tooLarge(maxBytes: number): Error {
  return new UnfitFileError('EFBIG', `it holds more than ${maxBytes} bytes, the most that is read`);
}

/** A link, a pipe, a socket, a device or a folder stands where a plain file was to be opened. */
export function isNoPlainFile(error: unknown): boolean {
  // ENXIO is a socket's, ELOOP and EMLINK a link's, EISDIR that of a folder opened for writing.
  return ['EFTYPE', 'ELOOP', 'EMLINK', 'ENXIO', 'EISDIR'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
}
