import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { closedForm, openTables } from '../../dist/index.js';
import { measureCommand, sigtables } from './command.js';
import { medianOf, say } from './figures.js';
import { clearFolder } from './folders.js';

const LOOKUPS = 200_000;
const COLD_ROUNDS = 15;

/** The reader on a table set of `range`, the cold command line, and the closed form alone. */
export async function benchRead({ range, cpus, rounds, out }) {
  mkdirSync(out, { recursive: true });
  const folder = join(out, 'tables');
  await measureCommand(
    sigtables('build', '--range', range, '--cpus', cpus, '--out', folder, '--no-sync', '-q'),
  );
  try {
    const openMs = await measureOpening(folder, rounds);
    const reading = await measureReading(folder, Number(range), rounds);
    const streaming = await measureStreaming(folder);
    return {
      range,
      openMs,
      ...reading,
      ...streaming,
      coldMs: await measureCold(folder),
      ...measureClosedForm(),
    };
  } finally {
    clearFolder(folder);
  }
}

async function measureOpening(folder, rounds) {
  const times = [];
  for (let round = 0; round < rounds + 4; round++) {
    const startMs = performance.now();
    (await openTables(folder)).close();
    times.push(performance.now() - startMs);
  }
  const [first, ...others] = times;
  say(`read: opening ${medianOf(others).toFixed(1)} ms, the first time ${first.toFixed(1)} ms`);
  return { first, warm: medianOf(others) };
}

/** Random numbers of the range, so that large buckets are asked for more often; each answer is compared. */
async function measureReading(folder, end, rounds) {
  const tables = await openTables(folder);
  const numbers = Array.from({ length: LOOKUPS }, () => 10 + Math.floor(Math.random() * (end - 10)));
  const questions = numbers.map((n) => [tables.signatureOf(n), tables.indexOf(n), n]);
  const rate = (ask) => {
    const rates = [];
    for (let round = 0; round < rounds; round++) {
      const startMs = performance.now();
      for (const question of questions) if (!ask(question)) throw new Error(`wrong for ${question[2]}`);
      rates.push((LOOKUPS / (performance.now() - startMs)) * 1000);
    }
    return Math.round(medianOf(rates));
  };
  const atPerSecond = rate(([signature, index, n]) => tables.at(signature, index) === n);
  const indexOfPerSecond = rate(([, index, n]) => tables.indexOf(n) === index);
  tables.close();
  say(`read: at ${atPerSecond}/s, indexOf ${indexOfPerSecond}/s, random and warm`);
  return { atPerSecond, indexOfPerSecond };
}

async function measureStreaming(folder) {
  const tables = await openTables(folder);
  const largest = tables.manifest.buckets.reduce((a, b) => (b.count > a.count ? b : a));
  const measure = async (count) => {
    const startMs = performance.now();
    for (let round = 0; round < 5; round++) await count();
    return Math.round((Number(largest.count) * 5000) / (performance.now() - startMs));
  };
  let sum = 0;
  const textPerSecond = await measure(async () => {
    for await (const { text } of tables.readText(largest.key)) sum += text.length;
  });
  const membersPerSecond = await measure(async () => {
    for await (const n of tables.members(largest.key)) sum += n;
  });
  tables.close();
  say(`read: streaming ${textPerSecond} numbers/s as text, ${membersPerSecond} one by one (${sum > 0})`);
  return { textPerSecond, membersPerSecond };
}

async function measureCold(folder) {
  const commands = {
    'node -e 0': [process.execPath, '-e', '0'],
    'lookup --at': sigtables('lookup', '1667', '--at', '100', '--tables', folder),
    'lookup --range --at': sigtables('lookup', '1667', '--at', '100', '--range', '1e9'),
  };
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < COLD_ROUNDS; round++)
    for (const [name, command] of Object.entries(commands))
      times[name].push((await measureCommand(command)).wallSeconds * 1000);
  const medians = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, medianOf(values)]));
  for (const [name, value] of Object.entries(medians)) say(`read: cold ${name} ${value.toFixed(0)} ms`);
  return medians;
}

/** Random indexes of large buckets; the first answer makes the rows that the others share. */
function measureClosedForm() {
  const micros = {};
  for (const [text, times] of Object.entries({ '1e9': 100_000, '1e18': 20_000, '1e1000': 50 })) {
    const buckets = closedForm(text);
    const digits = text === '1e1000' ? 1000 : Number(text.slice(2));
    const signature = `${Math.round(4.5 * (digits - 2)) + 1}55`;
    const count = BigInt(buckets.count(signature));
    const startMs = performance.now();
    buckets.at(signature, count / 2n);
    const firstMs = performance.now() - startMs;
    const indexes = Array.from(
      { length: times },
      () => (count * BigInt(Math.floor(Math.random() * 1e9))) / 10n ** 9n,
    );
    const fromMs = performance.now();
    for (const index of indexes) buckets.at(signature, index);
    micros[text] = ((performance.now() - fromMs) / times) * 1000;
    say(`closed form: at ${text} ${micros[text].toFixed(1)} µs, the first ${firstMs.toFixed(1)} ms`);
  }
  return { closedFormMicros: micros };
}
