/**
 * The plain write: the same number of files of the same sizes, from one hot buffer, by as many threads, each file
 * opened, written and closed by whichever thread is free. What the disk takes without any thought.
 *
 * plain-write.js FOLDER SIZES.json THREADS BLOCK_BYTES none|each|end
 */
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

/** As many as the build has under way. */
const SYNCS_AT_ONCE = 4;

const pathOf = (folder, index) => join(folder, `${index}.json`);

function writeFile(path, sizeBytes, buffer, sync) {
  const file = openSync(path, 'w');
  for (let at = 0; at < sizeBytes;) at += writeSync(file, buffer, 0, Math.min(buffer.length, sizeBytes - at));
  if (sync) fdatasyncSync(file);
  closeSync(file);
}

/** Each thread takes the next file until none is left. */
function runThread({ folder, sizes, blockBytes, sync, taken }) {
  const buffer = Buffer.alloc(Math.min(blockBytes, Math.max(1, ...sizes)), '1234567,');
  for (let i = Atomics.add(taken, 0, 1); i < sizes.length; i = Atomics.add(taken, 0, 1))
    writeFile(pathOf(folder, i), sizes[i], buffer, sync === 'each');
}

async function main([folder, sizesPath, threads, blockBytes, sync]) {
  const sizes = JSON.parse(readFileSync(sizesPath, 'utf8'));
  const taken = new Int32Array(new SharedArrayBuffer(4));
  const data = { folder, sizes, blockBytes: Number(blockBytes), sync, taken };
  await Promise.all(Array.from({ length: Number(threads) }, () => startThread(data)));
  if (sync === 'end') await syncFiles(folder, sizes.length);
  if (sync !== 'none') await syncPath(folder, 'r');
}

function startThread(data) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: data });
    worker.once('error', reject);
    worker.once('exit', resolve);
  });
}

/** As many at once as the build syncs. */
async function syncFiles(folder, count) {
  let next = 0;
  const syncNext = async () => {
    while (next < count) await syncPath(pathOf(folder, next++), 'r+');
  };
  await Promise.all(Array.from({ length: SYNCS_AT_ONCE }, syncNext));
}

async function syncPath(path, flags) {
  const handle = await open(path, flags);
  await (flags === 'r' ? handle.sync() : handle.datasync());
  await handle.close();
}

if (isMainThread) await main(process.argv.slice(2));
else runThread(workerData);
