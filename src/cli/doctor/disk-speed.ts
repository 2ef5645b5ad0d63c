import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DOCTOR_FILE_BYTES, DOCTOR_SYNCS, DOCTOR_WRITE_BYTES, DOCTOR_WRITE_MS } from '../../limits.js';
import type { DiskReport } from './report.js';

const SMALL_BYTES = 4096;

/** Measures how fast a file of up to `bytes` in `folder` is written and synced, and how long a small sync takes. Never rejects. */
export async function measureDisk(folder: string, bytes = DOCTOR_FILE_BYTES): Promise<DiskReport> {
  const path = join(folder, `.sigtables-doctor-${process.pid}-${randomBytes(4).toString('hex')}`);
  const done = { writtenBytes: 0, bytesPerSecond: null, syncMedianMs: null, syncMaxMs: null };
  let file: FileHandle | undefined;
  try {
    if ((await readFreeBytes(folder)) < 2 * bytes) return { ...done, error: 'too little space to measure' };
    file = await open(path, 'wx');
    // The name goes at once: whatever ends this process, nothing is left. Where open files keep their name, it goes below.
    await rm(path, { force: true }).catch(() => {});
    return { ...(await measureWriting(file, bytes)), ...(await measureSyncs(file)) };
  } catch (error) {
    return { ...done, error: (error as Error).message };
  } finally {
    await file?.close().catch(() => {});
    await rm(path, { force: true }).catch(() => {});
  }
}

async function readFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Random bytes: some disks compress. */
async function measureWriting(
  file: FileHandle,
  bytes: number,
): Promise<Pick<DiskReport, 'writtenBytes' | 'bytesPerSecond'>> {
  const block = randomBytes(Math.min(DOCTOR_WRITE_BYTES, bytes));
  const startMs = performance.now();
  let writtenBytes = 0;
  while (writtenBytes < bytes && performance.now() - startMs < DOCTOR_WRITE_MS)
    writtenBytes += (await file.write(block)).bytesWritten;
  await file.sync();
  return { writtenBytes, bytesPerSecond: Math.round((writtenBytes / (performance.now() - startMs)) * 1000) };
}

async function measureSyncs(file: FileHandle): Promise<Pick<DiskReport, 'syncMedianMs' | 'syncMaxMs'>> {
  const block = randomBytes(SMALL_BYTES);
  const times: number[] = [];
  for (let i = 0; i < DOCTOR_SYNCS; i++) {
    const startMs = performance.now();
    await file.write(block);
    await file.sync();
    times.push(performance.now() - startMs);
  }
  times.sort((a, b) => a - b);
  const round = (ms: number | undefined): number => Math.round((ms ?? 0) * 100) / 100;
  return { syncMedianMs: round(times[times.length >> 1]), syncMaxMs: round(times.at(-1)) };
}
