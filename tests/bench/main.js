import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchBuild, benchMemory } from './build.js';
import { benchExamples } from './examples.js';
import { benchGrouping } from './grouping.js';
import { benchMerge } from './merge.js';
import { benchPeers } from './peers.js';
import { benchQueue } from './queue.js';
import { benchRead } from './read.js';
import { benchScan } from './scan.js';
import { benchSign } from './sign.js';
import { benchSimulation } from './simulation.js';
import { benchStartup } from './startup.js';
import { benchVerify } from './verify.js';
import { say } from './figures.js';

const BENCHES = {
  build: benchBuild,
  memory: benchMemory,
  merge: benchMerge,
  startup: benchStartup,
  simulation: benchSimulation,
  queue: benchQueue,
  sign: benchSign,
  scan: benchScan,
  read: benchRead,
  verify: benchVerify,
  peers: benchPeers,
  grouping: benchGrouping,
  examples: benchExamples,
};

const OPTIONS = {
  range: { type: 'string', default: '1e9' },
  'peers-range': { type: 'string', default: '1e7' },
  'grouping-ranges': { type: 'string', default: '1e7,1e8' },
  'max-memory': { type: 'string', default: '2GB' },
  shards: { type: 'string', default: '4' },
  chunk: { type: 'string', default: '100000' },
  cpus: { type: 'string', default: '2' },
  rounds: { type: 'string', default: '3' },
  modes: { type: 'string', default: 'no-sync,sync' },
  block: { type: 'string', default: String(2 ** 20) },
  'plain-sync': { type: 'string', default: 'end' },
  settle: { type: 'string', default: '60' },
  out: { type: 'string', default: 'bench-output' },
  json: { type: 'string' },
};

const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = names.find((name) => !Object.hasOwn(BENCHES, name));
if (unknown !== undefined)
  throw new Error(`there is no bench "${unknown}": name some of ${Object.keys(BENCHES).join(', ')}`);

const settings = {
  ...values,
  rounds: Number(values.rounds),
  peersRange: values['peers-range'],
  groupingRanges: values['grouping-ranges'],
  maxMemory: values['max-memory'],
  plainSync: values['plain-sync'],
  out: resolve(values.out),
};
const results = { node: process.version, processors: availableParallelism() };
say(`Node ${process.version}, ${results.processors} processors`);
for (const name of names) results[name] = await BENCHES[name](settings);
if (values.json !== undefined) {
  mkdirSync(dirname(resolve(values.json)), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
}
