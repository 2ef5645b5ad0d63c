import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureCommand, sigtables } from './command.js';
import { formatCost, medianCost, medianOf, say } from './figures.js';
import { clearFolder, readSizes, renewFolder } from './folders.js';

const PLAIN_WRITE = fileURLToPath(new URL('plain-write.js', import.meta.url));

/** The build against a plain write of the same files, in turns in the same folder, without and with syncing. */
export async function benchBuild({ range, cpus, rounds, out, block, plainSync, modes, settle }) {
  mkdirSync(out, { recursive: true });
  const plain = { folder: join(out, 'plain'), sizesPath: join(out, 'sizes.json'), cpus, block, settle };
  const build = { folder: join(out, 'tables'), range, cpus, settle };
  plain.sizes = await recordSizes(build, plain.sizesPath);
  const results = {};
  for (const mode of modes.split(',')) {
    const synced = mode === 'sync';
    const runs = [
      () => measureBuild({ ...build, synced }),
      () => measurePlainWrite({ ...plain, sync: synced ? plainSync : 'none' }),
    ];
    results[mode] = await runInTurns(mode, rounds, runs);
  }
  return { range, cpus, files: plain.sizes.length, bytes: totalOf(plain.sizes), block, ...results };
}

/** A first build that does not count tells how many files there are, and how large. */
async function recordSizes(build, sizesPath) {
  await measureCommand(buildCommand({ ...build, synced: false }));
  const sizes = readSizes(build.folder);
  clearFolder(build.folder, build.settle);
  writeFileSync(sizesPath, JSON.stringify(sizes));
  say(`build ${build.range}: ${sizes.length} files, ${(totalOf(sizes) / 1e9).toFixed(2)} GB`);
  return sizes;
}

/** Both runs in each round, in swapped order from round to round; the ratio is taken within a round. */
async function runInTurns(mode, rounds, [runBuild, runPlain]) {
  const pairs = [];
  for (let round = 0; round < rounds; round++) {
    const pair = {};
    const steps = [async () => (pair.build = await runBuild()), async () => (pair.plain = await runPlain())];
    for (const step of round % 2 === 0 ? steps : steps.reverse()) await step();
    pair.ratio = pair.build.wallSeconds / pair.plain.wallSeconds;
    pairs.push(pair);
    say(`  ${mode} round ${round + 1}: ratio ${pair.ratio.toFixed(3)}`);
    say(`    build ${formatCost(pair.build)}`);
    say(`    plain ${formatCost(pair.plain)}`);
  }
  const ratio = medianOf(pairs.map((pair) => pair.ratio));
  say(
    `  ${mode}: median ratio ${ratio.toFixed(3)}; build ${formatCost(medianCost(pairs.map((p) => p.build)))}`,
  );
  return { ratio, pairs };
}

function buildCommand({ folder, range, cpus, synced }) {
  const args = ['build', '--range', range, '--cpus', cpus, '--out', folder, '--quiet'];
  return sigtables(...args, ...(synced ? [] : ['--no-sync']));
}

async function measureBuild(build) {
  const cost = await measureCommand(buildCommand(build));
  clearFolder(build.folder, build.settle);
  return cost;
}

async function measurePlainWrite({ folder, sizesPath, cpus, block, sync, settle }) {
  renewFolder(folder);
  const cost = await measureCommand([process.execPath, PLAIN_WRITE, folder, sizesPath, cpus, block, sync]);
  clearFolder(folder, settle);
  return cost;
}

/** Peak memory at a tenth of the range beside the whole: it must not grow with the range. */
export async function benchMemory({ range, cpus, out }) {
  const peaks = [];
  for (const size of [String(Number(range) / 10), range]) {
    const cost = await measureBuild({ folder: join(out, 'tables'), range: size, cpus, synced: false });
    peaks.push({ range: size, peakBytes: cost.peakBytes });
    say(`memory ${size}: peak ${(cost.peakBytes / 1e6).toFixed(0)} MB`);
  }
  const ratio = peaks[1].peakBytes / peaks[0].peakBytes;
  say(`  peak at ${range} over peak at a tenth of it: ${ratio.toFixed(2)}`);
  return { peaks, ratio };
}

const totalOf = (sizes) => sizes.reduce((sum, size) => sum + size, 0);
