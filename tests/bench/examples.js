import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureCommand, sigtables } from './command.js';
import { formatCost, medianCost, medianOf, say } from './figures.js';
import { clearFolder, renewFolder } from './folders.js';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const REFERENCES = fileURLToPath(new URL('examples', import.meta.url));

/** The sum to 1e8 by two other methods: see examples/slow-series/README.md. */
const SUM_TO_1E8 = 13.277605939854023;
const MOST_ERROR = 1e-9;

const CASES = [
  {
    name: 'slow series, 1e8 numbers, sum',
    reference: ['slow_series', '1', '100000000'],
    signature: 'slow-series/slow-series.js',
    range: '1..1e8',
    start: '1..1000',
    flags: ['--aggregate', 'sum'],
    check: (table) => {
      const error = Math.abs(table['no 9'] - SUM_TO_1E8);
      if (!(error < MOST_ERROR)) throw new Error(`the sum is ${table['no 9']}, not ${SUM_TO_1E8}`);
    },
  },
  describeJulia(2000, 'list', (numbers) => numbers.length),
  describeJulia(2000, 'count', (count) => count),
  describeJulia(8000, 'count', (count) => count),
];

function describeJulia(side, aggregate, countOf) {
  const [width, height] = [`width=${side}`, `height=${side}`];
  return {
    name: `julia set, ${side} x ${side} pixels, ${aggregate}`,
    reference: ['julia', String(side), String(side), '255'],
    signature: 'julia-set/julia-set.ts',
    range: String(side ** 2),
    start: '1000',
    flags: ['--option', width, '--option', height, '--aggregate', aggregate],
    check: (table, printed) => {
      const lines = Object.entries(table).map(([time, value]) => `${time} ${countOf(value)}\n`);
      if (lines.join('') !== printed) throw new Error('the escape times are not those of the C program');
    },
  };
}

/**
 * The examples on one core and on all beside the same arithmetic in C on one core, in turns; times are those per core. A build
 * of 1000 numbers in the same rounds shows what starting takes: `net` ratios are without it.
 */
export async function benchExamples({ cpus, rounds, out }) {
  const programs = mkdtempSync(join(tmpdir(), 'sigtables-examples-'));
  try {
    for (const name of ['slow_series', 'julia']) compile(name, programs);
    const results = {};
    for (const example of CASES)
      results[example.name] = await benchExample(example, { programs, cpus, rounds, out });
    return results;
  } finally {
    rmSync(programs, { recursive: true, force: true });
  }
}

/** No fused operations: the arithmetic is then the same on every processor. */
function compile(name, folder) {
  execFileSync('cc', ['-O2', '-ffp-contract=off', '-o', join(folder, name), join(REFERENCES, `${name}.c`)]);
}

async function benchExample(example, { programs, cpus, rounds, out }) {
  const [program, ...args] = example.reference;
  const folder = join(out, 'example');
  const build = (cores, range) => buildCommand(example, { cores, range, folder });
  const commands = {
    c: [join(programs, program), ...args],
    start: build(1, example.start),
    one: build(1, example.range),
    all: build(cpus, example.range),
  };

  const printed = execFileSync(commands.c[0], args, { encoding: 'utf8' });
  renewFolder(folder);
  await measureCommand(commands.one);
  example.check(JSON.parse(readFileSync(join(folder, 'table.json'), 'utf8')), printed);

  const rows = [];
  for (let round = 0; round < rounds; round++) rows.push(await runRound(commands, round, folder));
  clearFolder(folder);
  const costs = mapKeys(commands, (key) => medianCost(rows.map((row) => row[key])));
  const ratios = {
    one: compareWithC(rows, 'one', 1),
    all: compareWithC(rows, 'all', Number(cpus)),
  };
  say(`${example.name}: per core, in C on one core as the unit`);
  say(`  on 1 core ${formatRatios(ratios.one)}; on ${cpus} ${formatRatios(ratios.all)}`);
  for (const [key, cost] of Object.entries(costs)) say(`  ${key.padEnd(5)} ${formatCost(cost)}`);
  return { ratios, ...costs };
}

function buildCommand({ signature, flags }, { cores, range, folder }) {
  const common = ['--range', range, '--layout', 'single', '--cpus', String(cores), '--out', folder];
  const file = join(EXAMPLES, signature);
  return sigtables('build', '--signature', file, ...flags, ...common, '--no-sync', '--quiet');
}

function compareWithC(rows, key, cores) {
  const ratioOf = ({ c, start, ...row }, less) =>
    ((row[key].wallSeconds - less * start.wallSeconds) * cores) / c.wallSeconds;
  return {
    gross: medianOf(rows.map((row) => ratioOf(row, 0))),
    net: medianOf(rows.map((row) => ratioOf(row, 1))),
  };
}

const formatRatios = ({ gross, net }) => `${gross.toFixed(2)} (without starting ${net.toFixed(2)})`;

const mapKeys = (object, valueOf) =>
  Object.fromEntries(Object.keys(object).map((key) => [key, valueOf(key)]));

async function runRound(commands, round, folder) {
  const entries = Object.entries(commands);
  const costs = {};
  for (const [key, command] of round % 2 === 0 ? entries : entries.reverse()) {
    renewFolder(folder);
    costs[key] = await measureCommand(command);
  }
  return costs;
}
