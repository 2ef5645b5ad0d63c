import { randomBytes } from 'node:crypto';
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { jobsFolderOf } from '../build/commit.js';
import { folderHoldsOtherResults } from '../errors.js';
import { readPlainFile } from '../files/plain-file.js';
import { makeFolder, writeFileDurably } from '../tables/durable.js';
import { buildId } from './job-data.js';
import { resultsFolderOf } from './job-folder.js';

const RECORD_FILE = 'queue.json';

/** A record has some hundred bytes, and the options of a signature. */
const RECORD_MAX_BYTES = 16 * 1024 * 1024;

const recordSchema = z.strictObject({
  format: z.literal(2),
  id: buildId,
  token: z.string().regex(/^[0-9a-f]{32}$/),
  /** What is built, but for the chunk: the same command has the same. */
  purpose: z.string(),
  chunk: z.string().regex(/^\d+$/),
  planHash: z.string(),
});

/** What a distributed build keeps in its build folder, so that the same command goes on with it. */
export type QueueRecord = z.infer<typeof recordSchema>;

/** The record of an unfinished distributed build in `out`; nothing where there is none. */
export function readQueueRecord(out: string): QueueRecord | undefined {
  try {
    const content = readPlainFile(join(jobsFolderOf(out), RECORD_FILE), RECORD_MAX_BYTES);
    return recordSchema.safeParse(JSON.parse(content.toString())).data;
  } catch {
    return undefined;
  }
}

/**
 * Goes on with the record of the same plan in `out`, or begins a new one, without the results of any other. The folder is locked, and
 * afterwards the folder of results is there, as yet without a token of this run. Throws USAGE for results of another plan, unless `force` drops
 * them, and what the system throws.
 */
export async function openQueueRecord(
  out: string,
  plan: Pick<QueueRecord, 'purpose' | 'chunk' | 'planHash'>,
  force: boolean,
): Promise<QueueRecord> {
  const folder = jobsFolderOf(out);
  // What is no folder is nobody's result: removing a link leaves what it leads to alone.
  await removeUnlessFolder(folder);
  const earlier = readQueueRecord(out);
  const isSame = earlier?.planHash === plan.planHash;
  if (earlier && !isSame && !force) throw folderHoldsOtherResults(out);
  if (!isSame) await rm(folder, { recursive: true, force: true });
  const record: QueueRecord = isSame
    ? earlier
    : { format: 2, id: `b${random(6)}`, token: random(16), ...plan };
  const results = resultsFolderOf(out, record.id);
  await removeUnlessFolder(results);
  await makeFolder(results);
  await writeFileDurably(join(folder, RECORD_FILE), [JSON.stringify(record)], { sync: false });
  return record;
}

async function removeUnlessFolder(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isDirectory() === false) await rm(path);
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
