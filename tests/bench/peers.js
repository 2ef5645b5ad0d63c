import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { measureCommand, sigtables } from './command.js';
import { DUCKDB, installDuckdb } from './duckdb.js';
import { formatCost, medianCost, say } from './figures.js';
import { clearFolder, renewFolder } from './folders.js';

const LITERAL_LOOP = fileURLToPath(new URL('literal_loop.py', import.meta.url));

/** The same grouping by DuckDB into one JSON file, and by the literal loop in Python into one table per job. */
export async function benchPeers({ peersRange, chunk, cpus, rounds, out }) {
  const end = String(Number(peersRange));
  const modules = mkdtempSync(join(tmpdir(), 'sigtables-peers-'));
  try {
    await installDuckdb(modules);
    const build = sigtables('build', '--range', end, '--cpus', cpus, '--no-sync', '--quiet');
    const single = await measureRounds('sigtables, layout single', rounds, out, (folder) => [
      ...build,
      ...['--layout', 'single', '--out', folder],
    ]);
    const job = await measureRounds('sigtables, layout job', rounds, out, (folder) => [
      ...build,
      ...['--layout', 'job', '--chunk', chunk, '--out', folder],
    ]);
    const duckdb = await measureRounds('DuckDB, one JSON file', rounds, out, (folder) => [
      process.execPath,
      DUCKDB,
      modules,
      end,
      cpus,
      join(folder, 'groups.json'),
    ]);
    const python = await measureRounds('Python, the literal loop', 1, out, (folder) => [
      'python3',
      LITERAL_LOOP,
      '10',
      end,
      chunk,
      cpus,
      folder,
    ]);
    const ratios = {
      duckdb: duckdb.wallSeconds / single.wallSeconds,
      python: python.wallSeconds / job.wallSeconds,
    };
    say(
      `peers ${peersRange}: DuckDB takes ${ratios.duckdb.toFixed(1)} times as long, Python ${ratios.python.toFixed(0)} times`,
    );
    return { range: end, single, job, duckdb, python, ratios };
  } finally {
    rmSync(modules, { recursive: true, force: true });
  }
}

async function measureRounds(name, rounds, out, commandFor) {
  const costs = [];
  for (let round = 0; round < rounds; round++) {
    const folder = renewFolder(join(out, 'peer'));
    costs.push(await measureCommand(commandFor(folder)));
    clearFolder(folder);
  }
  say(`  ${name}: ${formatCost(medianCost(costs))}`);
  return medianCost(costs);
}

/** Fetched here and thrown away afterwards: the package itself never depends on it. */
