import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Fault } from './fault.js';
import { FAULTS } from './faults.js';
import { writeReadme } from './readme.js';
import { runFault, type FaultResult } from './run-fault.js';

const USAGE = `npm run test:faults -- [options]

  --long          as many trials as the table says; a short run makes a few of each
  --seed N        the same random choices again
  --only NAMES    these faults, with commas between
  --trial K       this trial alone
  --count N       so many trials of each
  --minutes N     the soak test goes on for so long
  --at-once N     trials under way at once (2); those that measure times run alone
  --write-readme  put the results into tests/faults/README.md
  --list          what there is
`;

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    seed: { type: 'string' },
    only: { type: 'string' },
    trial: { type: 'string' },
    count: { type: 'string' },
    minutes: { type: 'string' },
    'at-once': { type: 'string', default: '2' },
    'write-readme': { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function chooseFaults(): readonly Fault[] {
  if (values.only === undefined) return FAULTS.filter(({ counts }) => values.long || counts.short > 0);
  return values.only.split(',').map((name) => {
    const fault = FAULTS.find((known) => known.name === name);
    if (!fault) throw new Error(`there is no fault "${name}": --list lists them`);
    return fault;
  });
}

async function runAll(): Promise<void> {
  const seed = values.seed ?? String(randomInt(1_000_000));
  process.stdout.write(`seed ${seed}, ${values.long ? 'long' : 'short'} run\n`);
  const results: FaultResult[] = [];
  for (const fault of chooseFaults()) {
    const planned = values.long ? fault.counts.long : fault.counts.short;
    const result = await runFault(fault, {
      seed,
      isLong: values.long,
      trials: Number(values.count ?? planned),
      onlyTrial: values.trial === undefined ? undefined : Number(values.trial),
      minutes: values.minutes === undefined ? undefined : Number(values.minutes),
      atOnce: Number(values['at-once']),
    });
    process.stdout.write(`${result.line}\n`);
    results.push(result);
  }
  if (values['write-readme']) await writeReadme(results, seed, values.long);
  for (const result of results) process.stdout.write(describeNotTested(result));
  const failed = results.filter(({ failures }) => failures.length > 0);
  const missing = results.filter(({ passed, failures }) => passed === 0 && failures.length === 0);
  if (failed.length > 0) process.stdout.write(`FAILED: ${listNames(failed)}\n`);
  // .ci/run reads this line.
  const passed = results.length - failed.length - missing.length;
  process.stdout.write(`faults: ${passed} passed, ${failed.length} failed, ${missing.length} not tested\n`);
  if (failed.length > 0) process.exitCode = 1;
}

function listNames(results: readonly FaultResult[]): string {
  return results.map(({ fault }) => fault.name).join(', ');
}

/** A line for each means that was missing; nothing where all was there. */
function describeNotTested({ fault, passed, notTested }: FaultResult): string {
  const lines = Array.from(notTested, ([means, times]) => `${fault.name}: ${means} (${times} trials)\n`);
  const what = passed === 0 ? 'not tested' : 'tested in part';
  return lines.map((line) => `${what}: ${line}`).join('');
}

if (values.help) process.stdout.write(USAGE);
else if (values.list)
  for (const { name, fault, must, counts } of FAULTS)
    process.stdout.write(`${name} (${counts.short}, long ${counts.long}): ${fault}\n    must: ${must}\n`);
else await runAll();
