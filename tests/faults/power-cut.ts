import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultContext } from './fault.js';
import { runCommand, runProgram, startCommand, type CommandOptions } from './harness/command.js';
import { Disk } from './harness/disk.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import { afterReboot } from './harness/reboot.js';
import { withShim } from './harness/shim.js';
import { expectSameTree, readTables, readTree } from './harness/tree.js';
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

/** Builds by formula more often than the others: what they write is synced while they run. */
const WORKS: readonly Work[] = [...BUILDS, ...BUILDS, ...PLUG_IN_BUILDS, ...MERGES];
/** How often the file system commits by itself, in seconds. */
const COMMITS = ['loop,commit=1', 'loop,commit=5'];

export const powerCut: Fault = {
  name: 'power-cut',
  fault: 'power cut at random times, once to three times: ext4 shut down, and mounted again after a reboot',
  must: 'the same command ends with the same bytes as an undisturbed build',
  counts: { short: 3, long: 60 },
  found:
    'A power cut right behind a repair could leave .build/repair, which nothing removed any more. Now the next repair or build does (src/verify/verify.ts, src/build/commit.ts).',
  run: cutAtRandom,
};

export const powerCutAfterwards: Fault = {
  name: 'power-cut-afterwards',
  fault: 'power cut right after exit 0',
  must: 'everything is there',
  counts: { short: 2, long: 20 },
  run: (context, random) => cutAfterwards(context, random, {}),
};

export const powerCutControl: Fault = {
  name: 'power-cut-control',
  fault: 'the control: the same with sync calls that do nothing',
  must: 'the test before this one fails',
  counts: { short: 1, long: 5 },
  run: async (context, random) => {
    const env = await withShim({ SHIM_NO_SYNC: '1' });
    const found = await cutAfterwards(context, random, env).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    if (found?.name === 'AssertionError') {
      context.note('files lost');
      return;
    }
    throw found ?? new Error('without syncs nothing was lost: the power cut is none');
  },
};

async function cutAtRandom(context: FaultContext, random: Random): Promise<void> {
  const work = random.pick([...WORKS, ...REPAIRS]);
  const { tree, elapsedMs } = await runUndisturbed(work, random);
  const disk = await openDisk(context, random.pick(COMMITS));
  await prepareWork(work, disk.folder, random);
  await runSync(disk);
  const isEager = random.isTrue(0.7);
  for (let cuts = random.between(1, 3); cuts > 0; cuts--) {
    const options = { cwd: disk.folder, isEager, through: await afterReboot(context.folder) };
    const running = startCommand(work.args, options);
    const stopMs = random.isTrue(0.3) ? random.next() * elapsedMs * 1.2 : Infinity;
    const cutMs = random.next() * elapsedMs * 1.2;
    await Promise.race([sleep(Math.min(stopMs, cutMs)), running.ended]);
    if (stopMs < cutMs) {
      // What a stopped build records is not synced: it must not be trusted after a power cut.
      running.process.kill('SIGINT');
      await Promise.race([sleep(random.next() * 300), running.ended]);
    }
    context.note(running.hasEnded() ? 'cut after the end' : 'cut at work');
    await disk.cutPower();
    running.process.kill('SIGKILL');
    await running.ended;
    await disk.unmount();
    await disk.mount();
  }
  const options = { cwd: disk.folder, isEager, through: await afterReboot(context.folder) };
  expectStatus(await runCommand(work.args, options), [0], `${work.name}, gone on with`);
  expectSameTree(readTree(join(disk.folder, 'tables')), tree, work.name);
}

async function cutAfterwards(
  context: FaultContext,
  random: Random,
  env: NonNullable<CommandOptions['env']>,
): Promise<void> {
  const work = random.pick(WORKS);
  const { tree } = await runUndisturbed(work, random);
  const disk = await openDisk(context, 'loop');
  await prepareWork(work, disk.folder, random);
  await runSync(disk);
  expectStatus(await runCommand(work.args, { cwd: disk.folder, env }), [0], work.name);
  await disk.cutPower();
  await disk.unmount();
  await disk.mount();
  // The build folder may be back: its removal need not have reached the disk.
  expectSameTree(readTables(join(disk.folder, 'tables')), tree, `${work.name}, after the power cut`);
  const options = { cwd: disk.folder, through: await afterReboot(context.folder) };
  const again = await runCommand(work.args, options);
  expectStatus(again, [0], `${work.name}, once more`);
  expectTrue(again.stdout.startsWith('Nothing to do'), `it is done again: ${again.stdout}`);
  expectSameTree(readTree(join(disk.folder, 'tables')), tree, `${work.name}, once more`);
}

async function openDisk(context: FaultContext, options: string): Promise<Disk> {
  const disk = await Disk.create(context.folder, options);
  context.atEnd(() => disk.remove());
  return disk;
}

/** What a work needs is to be there after the cut. */
async function runSync(disk: Disk): Promise<void> {
  await runProgram('sync', '-f', disk.folder);
}
