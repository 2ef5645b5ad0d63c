import { createHash } from 'node:crypto';
import { lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { READ_PLAIN, readPlainFile } from '../files/plain-file.js';
import { CHECK_BLOCK_BYTES } from '../limits.js';
import type { Range } from '../range/range.js';
import { crc32 } from '../tables/crc32.js';
import { syncFile, syncFolder, writeFileDurably } from '../tables/durable.js';
import { inResultsFolder, nameResult } from './job-folder.js';
import { receipt as receiptSchema, type JobAnswer, type Receipt, type WrittenReceipt } from './job-data.js';

const RECEIPT_FILE = 'receipt.json';

/** A receipt is some hundred bytes. */
const RECEIPT_MAX_BYTES = 64 * 1024;

/** What the result of a job is to have been made from. */
export interface WantedResult {
  /** The `hashWork` of its job. */
  readonly work: string;
  readonly range: Range;
}

/** A file of a result, and what tells it from any other. */
type ResultFile = Receipt['files'][number];

/** Sums a file up. Throws what the system throws. */
export async function describeFile(folder: string, name: string): Promise<ResultFile> {
  const handle = await open(join(folder, name), READ_PLAIN);
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${name} is not a plain file`);
    const block = Buffer.allocUnsafe(CHECK_BLOCK_BYTES);
    let [bytes, crc] = [0, 0];
    for (;;) {
      const { bytesRead } = await handle.read(block, 0, block.length, bytes);
      if (bytesRead === 0) return { name, bytes, crc32: crc };
      crc = crc32(block.subarray(0, bytesRead), crc);
      bytes += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** Whether the file `name` in `folder` is the one that `file` tells of, as far as its size goes, or to its last byte. */
export async function holdsFile(
  folder: string,
  name: string,
  file: ResultFile,
  isWhole: boolean,
): Promise<boolean> {
  const found = await lstat(join(folder, name)).catch(() => undefined);
  if (found?.isFile() !== true || found.size !== file.bytes) return false;
  return !isWhole || (await describeFile(folder, name).catch(() => undefined))?.crc32 === file.crc32;
}

/**
 * Ends an attempt: leaves its receipt, brings all to the disk where `sync` says so, and renames its folder to the result's. Where
 * another attempt was first, this one goes. Throws what the system throws.
 */
export async function settleAttempt(
  folder: string,
  attempt: string,
  receipt: WrittenReceipt,
  sync: boolean,
): Promise<JobAnswer> {
  const text = encodeReceipt(receipt);
  if (sync) for (const { name } of receipt.files) await syncFile(join(attempt, name));
  await writeFileDurably(join(attempt, RECEIPT_FILE), [text], { sync });
  const path = nameResult(receipt.job);
  await rename(attempt, join(folder, path)).catch(async (error: NodeJS.ErrnoException) => {
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOTDIR'].includes(error.code ?? '')) throw error;
    const { build, job, work, start, end } = receipt;
    const wanted = { work, range: { start: BigInt(start), end: BigInt(end) } };
    if (await readReceipt(folder, build, job, wanted)) return rm(attempt, { recursive: true, force: true });
    // What stands there is none of ours: a link, a file, a folder of something else.
    await removeResult(folder, receipt.job);
    await rename(attempt, join(folder, path));
  });
  if (sync) await syncFolder(folder);
  return { path, bytes: receipt.bytes, checksum: createHash('sha256').update(text).digest('hex') };
}

/** The receipt of `job`; nothing where there is none that holds. */
export async function readReceipt(
  folder: string,
  build: string,
  job: number,
  { work, range }: WantedResult,
): Promise<Receipt | undefined> {
  const text = await readResultFile(folder, job, RECEIPT_FILE);
  if (text === undefined) return undefined;
  const [body = '', sum] = text.split('\n');
  if (sum !== sumUp(body)) return undefined;
  const { success, data } = receiptSchema.safeParse(parse(body));
  if (!success || data.build !== build || data.job !== job || data.work !== work) return undefined;
  return data.start === String(range.start) && data.end === String(range.end) ? data : undefined;
}

/** The jobs that have a result in `folder`, sound or not. */
export async function listResults(folder: string): Promise<Set<number>> {
  const names = await readdir(folder).catch(() => []);
  return new Set(names.filter((name) => /^\d{1,8}$/.test(name)).map(Number));
}

/** Removes a result that does not hold. */
export async function removeResult(folder: string, job: number): Promise<void> {
  await inResultsFolder(folder, [], (held) =>
    rm(join(held, nameResult(job)), { recursive: true, force: true }),
  );
}

function encodeReceipt(receipt: WrittenReceipt): string {
  const body = JSON.stringify(receipt);
  return `${body}\n${sumUp(body)}\n`;
}

function sumUp(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text of a file of a result; nothing where none is that can be read, or where a link leads to it. */
async function readResultFile(folder: string, job: number, name: string): Promise<string | undefined> {
  return inResultsFolder(folder, [nameResult(job)], (held) =>
    readPlainFile(join(held, name), RECEIPT_MAX_BYTES).toString(),
  ).catch(() => undefined);
}
