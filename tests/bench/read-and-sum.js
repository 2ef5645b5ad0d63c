import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { crc32 } from 'node:zlib';

// The least that `verify` can do: read the tables of a folder block by block, and sum them up, on so many threads.
// Usage: node read-and-sum.js FOLDER THREADS

const BLOCK_BYTES = 256 * 1024;

function sumFiles({ folder, names, next }) {
  const block = new Uint8Array(BLOCK_BYTES);
  for (let i = Atomics.add(next, 0, 1); i < names.length; i = Atomics.add(next, 0, 1)) {
    const fd = openSync(join(folder, names[i]), 'r');
    let crc = 0;
    for (let read; (read = readSync(fd, block)) > 0;) crc = crc32(block.subarray(0, read), crc);
    closeSync(fd);
  }
}

if (isMainThread) {
  const [folder = '.', threads = '1'] = process.argv.slice(2);
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const work = { folder, names, next: new Int32Array(new SharedArrayBuffer(4)) };
  for (let i = 0; i < Number(threads); i++) new Worker(new URL(import.meta.url), { workerData: work });
} else {
  sumFiles(workerData);
}
