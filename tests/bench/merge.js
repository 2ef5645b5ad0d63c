import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { measureCommand, sigtables } from './command.js';
import { formatCost, medianOf, say } from './figures.js';
import { clearFolder, readSizes, renewFolder } from './folders.js';

const LAYOUTS = ['signature', 'job', 'single'];

/** `merge` against `cat` of the same bytes to one file, in turns; then each conversion of one set, once. */
export async function benchMerge({ range, cpus, rounds, out, shards }) {
  const folders = await buildShards({ range, out, shards });
  const bytes = folders.flatMap(readSizes).reduce((sum, size) => sum + size, 0);
  say(`merge ${range} of ${shards} shards: ${(bytes / 1e9).toFixed(2)} GB`);
  const merged = join(out, 'merged');
  const tables = folders.map((folder) => `${folder}/*.json`).join(' ');
  const runs = [
    async (round) =>
      (round.merge = await measureMerge([...folders, '--out', merged, '--cpus', cpus], merged)),
    async (round) => (round.cat = await measureCat(tables, out)),
  ];
  const results = [];
  for (let index = 0; index < rounds; index++) {
    const round = {};
    for (const run of index % 2 === 0 ? runs : runs.toReversed()) await run(round);
    round.ratio = round.merge.wallSeconds / round.cat.wallSeconds;
    results.push(round);
    say(`  round ${index + 1}: ratio ${round.ratio.toFixed(3)}`);
    say(`    merge ${formatCost(round.merge)}`);
    say(`    cat   ${formatCost(round.cat)}`);
  }
  const ratio = medianOf(results.map((round) => round.ratio));
  say(`  median ratio ${ratio.toFixed(3)}`);
  const conversions = await benchConversions({ folders, cpus, out, merged });
  for (const folder of folders) clearFolder(folder);
  return { range, shards, bytes, ratio, rounds: results, conversions };
}

async function buildShards({ range, out, shards }) {
  mkdirSync(out, { recursive: true });
  const folders = Array.from({ length: Number(shards) }, (_, index) => join(out, `shard-${index + 1}`));
  for (const [index, folder] of folders.entries()) {
    const shard = ['--shard', `${index + 1}/${shards}`, '--out', folder];
    await measureCommand(sigtables('build', '--range', range, ...shard, '--no-sync', '--quiet'));
  }
  return folders;
}

/** Unsynced, as `cat` is. */
async function measureMerge(args, folder) {
  const cost = await measureCommand(sigtables('merge', ...args, '--no-sync', '--quiet'));
  clearFolder(folder);
  return cost;
}

async function measureCat(tables, out) {
  const target = join(renewFolder(join(out, 'cat')), 'all');
  const cost = await measureCommand(['sh', '-c', `cat ${tables} > ${target}`]);
  clearFolder(join(out, 'cat'));
  return cost;
}

/** The shards in every layout, converted to every other one. */
async function benchConversions({ folders, cpus, out, merged }) {
  const seconds = {};
  for (const from of LAYOUTS) {
    const source = join(out, from);
    const make = ['merge', ...folders, '--layout', from, '--out', source, '--no-sync', '--quiet'];
    await measureCommand(sigtables(...make));
    for (const to of LAYOUTS.filter((layout) => layout !== from)) {
      const cost = await measureMerge([source, '--layout', to, '--out', merged, '--cpus', cpus], merged);
      seconds[`${from} to ${to}`] = cost.wallSeconds;
      say(`  ${from} to ${to}: ${formatCost(cost)}`);
    }
    clearFolder(source);
  }
  return seconds;
}
