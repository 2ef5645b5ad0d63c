import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { measureCommand, sigtables } from './command.js';
import { DUCKDB, installDuckdb } from './duckdb.js';
import { formatCost, medianCost, medianOf, say } from './figures.js';
import { clearFolder, renewFolder } from './folders.js';

const PLAIN_REDUCED = fileURLToPath(new URL('plain-reduced.js', import.meta.url));

/** The built-in signature as a plug-in without closed form beside DuckDB, each into one JSON file, in turns. */
export async function benchGrouping({ groupingRanges, maxMemory, cpus, rounds, out }) {
  const modules = mkdtempSync(join(tmpdir(), 'sigtables-grouping-'));
  const results = {};
  try {
    await installDuckdb(modules);
    for (const range of groupingRanges.split(',')) {
      const end = String(Number(range));
      await compareWithBuiltIn({ end, cpus, maxMemory, out });
      const runs = {
        grouping: (folder) => buildCommand({ folder, end, cpus, maxMemory, signature: PLAIN_REDUCED }),
        duckdb: (folder) => [process.execPath, DUCKDB, modules, end, cpus, join(folder, 'groups.json')],
      };
      results[range] = await runInTurns(range, runs, rounds, out);
    }
    return { maxMemory, cpus, ...results };
  } finally {
    rmSync(modules, { recursive: true, force: true });
  }
}

function buildCommand({ folder, end, cpus, maxMemory, signature }) {
  const own = signature === undefined ? [] : ['--signature', signature, '--max-memory', maxMemory];
  const args = [
    '--range',
    end,
    '--cpus',
    cpus,
    '--layout',
    'single',
    '--out',
    folder,
    '--no-sync',
    '--quiet',
  ];
  return sigtables('build', ...args, ...own);
}

/** A run that does not count: the table must be, byte for byte, the one of the built-in signature. */
async function compareWithBuiltIn({ out, ...build }) {
  const hashes = [];
  for (const signature of [undefined, PLAIN_REDUCED]) {
    const folder = renewFolder(join(out, 'grouping'));
    await measureCommand(buildCommand({ ...build, folder, signature }));
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, 'table.json')), hash);
    hashes.push(hash.digest('hex'));
    clearFolder(folder);
  }
  if (hashes[0] !== hashes[1])
    throw new Error(`the table up to ${build.end} is not that of the built-in signature`);
}

/** Each run once in every round, in swapped order from round to round; the ratio is taken within a round. */
async function runInTurns(range, runs, rounds, out) {
  const costs = [];
  for (let round = 0; round < rounds; round++) {
    const entries = Object.entries(runs);
    const measured = {};
    for (const [name, commandFor] of round % 2 === 0 ? entries : entries.reverse()) {
      const folder = renewFolder(join(out, 'grouping'));
      measured[name] = await measureCommand(commandFor(folder));
      clearFolder(folder);
    }
    costs.push(measured);
  }
  const [grouping, duckdb] = Object.keys(runs).map((name) => medianCost(costs.map((cost) => cost[name])));
  const ratio = medianOf(costs.map((cost) => cost.duckdb.wallSeconds / cost.grouping.wallSeconds));
  say(`grouping ${range}: DuckDB takes ${ratio.toFixed(1)} times as long`);
  say(`  plain keyOf: ${formatCost(grouping)}`);
  say(`  DuckDB:      ${formatCost(duckdb)}`);
  return { ratio, grouping, duckdb };
}
