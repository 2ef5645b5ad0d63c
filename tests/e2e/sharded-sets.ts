import { join } from 'node:path';
import { expect } from 'vitest';
import type { Tables } from '../../src/index.js';
import { runCommand } from './harness.js';

/** Runs what has to succeed without a word. */
export async function succeed(cwd: string, ...args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand([...args, '--no-sync', '-q'], { cwd });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
}

/** Builds `whole`, and the same in `count` shards of the sharded set `parts`, below `cwd`. */
export async function buildBoth(cwd: string, count: number, args: readonly string[]): Promise<void> {
  const build = ['build', ...args, '--cpus', '1'];
  await succeed(cwd, ...build, '--out', 'whole');
  const folders = Array.from({ length: count }, (_, i) => join('parts', `shard ${i + 1}`));
  for (const [i, folder] of folders.entries())
    await succeed(cwd, ...build, '--shard', `${i + 1}/${count}`, '--out', folder);
  await succeed(cwd, 'merge', ...folders.reverse(), '--sharded', '--out', 'parts');
}

/** Everything that a reader tells of some of the buckets, and of some numbers around and in them. */
export async function readEverything(tables: Tables, every: number): Promise<object> {
  const keys = tables.signatures();
  const chosen = keys.filter((_, i) => i % every === 0);
  const buckets: object[] = [];
  for (const key of [...chosen, 'no such key', '']) buckets.push(await readBucket(tables, key));
  const { start, end } = tables.manifest.range;
  const numbers = [start - 1n, start, start + 1n, (start + end) / 2n, end - 1n, end].filter((n) => n >= 10n);
  return { keys, buckets, numbers: numbers.map((n) => readNumber(tables, n)) };
}

async function readBucket(tables: Tables, key: string): Promise<object> {
  const members = await collect(tables, key);
  const { length } = members;
  const indexes = [-1, 0, 1, length >> 1, length - 1, length, length + 1];
  return {
    key,
    members,
    count: tables.count(key),
    at: indexes.map((index) => tables.at(key, index)),
    parts: [
      await collect(tables, key, { from: length >> 1, limit: 3 }),
      await collect(tables, key, { from: 1, limit: length }),
      await collect(tables, key, { from: length }),
      await collect(tables, key, { limit: 0 }),
    ],
    numbers: members.filter((_, i) => i % 97 === 0 || i + 1 === length).map((n) => readNumber(tables, n)),
  };
}

/** The places of both differ; but what stands there is looked at on the way. */
function readNumber(tables: Tables, n: number | bigint): object {
  const { signature, index } = tables.find(n) ?? {};
  const has = tables.has(n);
  return { n, has, signature, index, indexOf: tables.indexOf(n), key: has && tables.signatureOf(n) };
}

async function collect(tables: Tables, key: string, selection = {}): Promise<(number | bigint)[]> {
  const found: (number | bigint)[] = [];
  for await (const n of tables.members(key, selection)) found.push(n);
  return found;
}
