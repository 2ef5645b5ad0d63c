import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { sigtables } from './command.js';
import { medianOf, say } from './figures.js';
import { clearFolder, renewFolder } from './folders.js';

/** Machines of one thread and of these speeds; the slowest makes so many numbers a second. */
const SPEEDS = [1, 4, 16];
const NUMBERS_PER_SECOND = 100;
const NUMBERS = 40_000;
const SHARDS = 40;

/** A signature that takes a known time on any machine, however loaded: it sleeps, every ten numbers. */
const SLEEPER = `const cell = new Int32Array(new SharedArrayBuffer(4));
export default { name: 'sleeper', version: '1', keyOf(n) {
  if (n % 10 === 0) Atomics.wait(cell, 0, 0, 10000 / Number(process.env.BENCH_RATE));
  return n % 7;
} };
`;

/** A build in shards, pulled by machines of unequal speed, beside what the simulation says of it. */
export async function benchSimulation({ out, rounds }) {
  mkdirSync(out, { recursive: true });
  const signature = join(out, 'sleeper.mjs');
  writeFileSync(signature, SLEEPER);
  const overheadSeconds = await measureOverhead(signature, out);
  const modelSeconds = await simulate(overheadSeconds);
  say(
    `simulation: ${SHARDS} shards on threads of speeds ${SPEEDS.join(':')}, ${overheadSeconds.toFixed(2)} s for a shard beside its work`,
  );
  const ratios = [];
  for (let round = 1; round <= rounds; round++) {
    const measured = await pullAll(signature, renewFolder(join(out, 'shards')));
    ratios.push(measured / modelSeconds);
    say(
      `  round ${round}: model ${modelSeconds.toFixed(1)} s, measured ${measured.toFixed(1)} s, ratio ${(measured / modelSeconds).toFixed(3)}`,
    );
  }
  clearFolder(join(out, 'shards'));
  const ratio = medianOf(ratios);
  say(`  median ratio ${ratio.toFixed(3)}`);
  return { overheadSeconds, modelSeconds, ratios, ratio };
}

/** What a shard takes beside its numbers, with as many at once as the measured run has: starting, committing, ending. */
async function measureOverhead(signature, out) {
  const folder = renewFolder(join(out, 'overhead'));
  const rate = NUMBERS_PER_SECOND * SPEEDS.at(-1);
  const seconds = [];
  for (let i = 0; i < 3; i++) {
    const runs = SPEEDS.map((_, k) =>
      buildShard({ shard: i * SPEEDS.length + k + 1, rate, signature, folder }),
    );
    seconds.push(...(await Promise.all(runs)));
  }
  clearFolder(folder);
  return Math.max(0.001, medianOf(seconds) - NUMBERS / SHARDS / rate);
}

/** The seconds that the simulation gives for the measured run: the same machines and jobs. */
async function simulate(overheadSeconds) {
  const main = new URL('../../scripts/simulate/main.ts', import.meta.url).pathname;
  const machines = SPEEDS.map((speed) => `1@${speed}`).join(',');
  const flags = [
    '--range',
    String(NUMBERS),
    '--machines',
    machines,
    '--cpu-rate',
    String(NUMBERS_PER_SECOND),
  ];
  flags.push('--jobs', String(SHARDS), '--job-overhead', `${overheadSeconds.toFixed(3)}s`, '--spread', '0');
  const command = [
    process.execPath,
    '--import',
    'jiti/register',
    main,
    ...flags,
    '--mtbf',
    'none',
    '--no-merge',
    '--json',
  ];
  const { stdout } = await run(command, {});
  return JSON.parse(stdout).builds[0].outcome.jobsSeconds;
}

/** Every machine takes the next shard when it has ended one; resolves to the seconds until the last has ended. */
async function pullAll(signature, folder) {
  let next = 1;
  const startedMs = performance.now();
  const work = async (speed) => {
    while (next <= SHARDS)
      await buildShard({ shard: next++, rate: speed * NUMBERS_PER_SECOND, signature, folder });
  };
  await Promise.all(SPEEDS.map(work));
  return (performance.now() - startedMs) / 1000;
}

async function buildShard({ shard, rate, signature, folder }) {
  const startedMs = performance.now();
  const flags = [
    '--range',
    String(NUMBERS),
    '--shard',
    `${shard}/${SHARDS}`,
    '--out',
    join(folder, String(shard)),
  ];
  const command = sigtables(
    'build',
    '--signature',
    signature,
    ...flags,
    '--cpus',
    '1',
    '--no-sync',
    '--quiet',
  );
  await run(command, { BENCH_RATE: String(rate) });
  return (performance.now() - startedMs) / 1000;
}

function run([program, ...args], env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (data) => (stdout += data));
    child.on('close', (code) =>
      code === 0 ? resolve({ stdout }) : reject(new Error(`${args.join(' ')}: ${code}`)),
    );
  });
}
