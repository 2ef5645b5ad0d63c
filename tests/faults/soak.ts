import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTables } from '../../src/tables/reader.js';
import type { Fault, FaultContext } from './fault.js';
import { runCommand, startCommand } from './harness/command.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import { expectSameTree, readTree } from './harness/tree.js';
import { damageFile, prepareWork, runUndisturbed, type Work, WORKS } from './harness/works.js';
import type { Random } from './random.js';

const SHORT_MINUTES = 0.15;
const LONG_MINUTES = 60;

export const soak: Fault = {
  name: 'soak',
  fault:
    'an hour (9 s in a short run; --minutes) of random builds, kills, stops, merges, verifications and repairs of damage',
  must: 'right bytes whenever something ends; no process, file or descriptor is left behind',
  counts: { short: 1, long: 1 },
  isTimed: true,
  run: async (context, random) => {
    const { minutes = context.isLong ? LONG_MINUTES : SHORT_MINUTES } = context;
    const endMs = performance.now() + minutes * 60_000;
    context.note(`${minutes} minutes`);
    const temporary = join(context.folder, 'tmp');
    mkdirSync(temporary);
    for (let round = 0; performance.now() < endMs; round++) {
      const cwd = join(context.folder, String(round));
      mkdirSync(cwd);
      await goThrough(random.pick(WORKS), cwd, { TMPDIR: temporary }, context, random);
      expectTrue(
        readdirSync(temporary).length === 0,
        `temporary files are left: ${readdirSync(temporary).join()}`,
      );
      const left = findProcesses(cwd);
      expectTrue(left.length === 0, `processes are left: ${left.join()}`);
      rmSync(cwd, { recursive: true });
    }
  },
};

/** Some disturbed runs of a work, one to its end, and then what users do with tables. */
async function goThrough(
  work: Work,
  cwd: string,
  env: Readonly<Record<string, string>>,
  context: FaultContext,
  random: Random,
): Promise<void> {
  const { tree, elapsedMs } = await runUndisturbed(work, random);
  await prepareWork(work, cwd, random);
  const options = { cwd, env, isEager: random.isTrue() };
  for (let kills = random.between(0, 3); kills > 0; kills--) {
    const running = startCommand(work.args, options);
    await Promise.race([sleep(random.next() * elapsedMs), running.ended]);
    running.process.kill(random.pick(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const));
    await running.ended;
    context.note('disturbed');
  }
  expectStatus(await runCommand(work.args, options), [0], work.name);
  const tables = join(cwd, 'tables');
  expectSameTree(readTree(tables), tree, work.name);
  const isPlain = !work.name.includes('plug-in') && work.name !== 'build-count';
  if (isPlain && random.isTrue()) await mend(cwd, env, tree, random);
  else
    expectStatus(
      await runCommand(['verify', 'tables', '--progress', 'none'], options),
      [0],
      `verify ${work.name}`,
    );
  await readAround(tables, random);
  context.note('rounds');
}

async function mend(
  cwd: string,
  env: Readonly<Record<string, string>>,
  tree: ReturnType<typeof readTree>,
  random: Random,
): Promise<void> {
  const names = Object.keys(tree).filter((name) => name !== 'manifest.json');
  for (let i = random.between(1, 3); i > 0; i--) damageFile(join(cwd, 'tables', random.pick(names)), random);
  const repair = ['verify', 'tables', '--repair', '--deep', '--progress', 'none'];
  expectStatus(await runCommand(repair, { cwd, env }), [0], 'verify --repair');
  expectSameTree(readTree(join(cwd, 'tables')), tree, 'verify --repair');
}

/** A program that opens and closes tables again and again keeps no descriptor. */
async function readAround(folder: string, random: Random): Promise<void> {
  const before = countDescriptors();
  for (let i = 0; i < 20; i++) {
    const tables = await openTables(folder);
    for (const key of tables.signatures().slice(0, 10)) tables.count(key);
    if (tables.manifest.aggregate === undefined) {
      const key = random.pick(tables.signatures());
      tables.at(key, 0);
      for await (const n of tables.members(key, { limit: 5 })) tables.indexOf(n);
    }
    tables.close();
  }
  const after = countDescriptors();
  expectTrue(after <= before + 2, `the reader keeps ${after - before} descriptors`);
}

function countDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

/** The processes that work in a folder. */
function findProcesses(cwd: string): string[] {
  return readdirSync('/proc').filter((id) => {
    if (!/^\d+$/.test(id)) return false;
    try {
      return (
        readlinkSync(`/proc/${id}/cwd`).startsWith(cwd) && readFileSync(`/proc/${id}/cmdline`).length > 0
      );
    } catch {
      return false; // it has ended
    }
  });
}
