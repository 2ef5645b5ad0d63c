import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultContext } from './fault.js';
import { runCommand, startCommand, type CommandOptions, type CommandResult } from './harness/command.js';
import { expectStatus } from './harness/expect.js';
import { pickCall, requireStrace, startKilledAt } from './harness/system-calls.js';
import { expectSameTree, readTree } from './harness/tree.js';
import {
  BUILDS,
  MERGES,
  PLUG_IN_BUILDS,
  prepareWork,
  REPAIRS,
  runUndisturbed,
  type Work,
} from './harness/works.js';
import type { Random } from './random.js';

const MUST = 'the same command then ends with the same bytes as an undisturbed one, and leaves nothing else';

/** Kills a work some times, in several ways, and expects the same command to end with the same bytes. */
async function runKilled(works: readonly Work[], context: FaultContext, random: Random): Promise<void> {
  await requireStrace();
  const work = random.pick(works);
  const { tree, elapsedMs } = await runUndisturbed(work, random);
  const cwd = context.folder;
  const isEager = random.isTrue(0.7);
  await prepareWork(work, cwd, random);
  for (let kills = random.between(1, 3); kills > 0; kills--) {
    const how = random.pick(['time', 'call', 'call', 'stop']);
    const result = await disturb(how, work, elapsedMs, random, { cwd, isEager });
    const isOver = result.signal === undefined && result.status < 128;
    if (isOver) expectStatus(result, [0], `${work.name}, disturbed by ${how}`);
    context.note(isOver ? 'done before' : how === 'stop' ? 'stopped' : `killed at a ${how}`);
  }
  expectStatus(await runCommand(work.args, { cwd, isEager }), [0], `${work.name}, gone on with`);
  expectSameTree(readTree(join(cwd, 'tables')), tree, work.name);
}

async function disturb(
  how: string,
  work: Work,
  elapsedMs: number,
  random: Random,
  options: CommandOptions & { isEager: boolean },
): Promise<CommandResult> {
  if (how === 'call') return startKilledAt(await pickCall(work, random, options), work.args, options).ended;
  const running = startCommand(work.args, options);
  await Promise.race([sleep((0.15 + 0.95 * random.next()) * elapsedMs), running.ended]);
  running.process.kill(how === 'stop' ? 'SIGINT' : 'SIGKILL');
  return running.ended;
}

function killFault(
  name: string,
  what: string,
  works: readonly Work[],
  counts: Fault['counts'],
  found?: string,
): Fault {
  return {
    name,
    fault: `kill -9 at random times, and at every kind of system call that writes: ${what}`,
    must: MUST,
    counts,
    ...(found !== undefined && { found }),
    run: (context, random) => runKilled(works, context, random),
  };
}

export const killBuild = killFault('kill-build', 'builds by formula', BUILDS, { short: 6, long: 300 });
export const killPlugIn = killFault('kill-plug-in', 'builds by a plug-in', PLUG_IN_BUILDS, {
  short: 3,
  long: 60,
});
export const killMerge = killFault('kill-merge', 'merges', MERGES, { short: 2, long: 60 });
export const killRepair = killFault('kill-repair', 'verify --repair', REPAIRS, { short: 2, long: 60 });
