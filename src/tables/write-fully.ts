import { writeSync } from 'node:fs';

/** Writes all of `bytes` at `position`. A short write is continued: only the next call says what was wrong. */
export function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    const written = writeSync(fd, bytes, done, bytes.length - done, position + done);
    if (written === 0) throw new Error('a write wrote nothing and gave no reason');
    done += written;
  }
}
