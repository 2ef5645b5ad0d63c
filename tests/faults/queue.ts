import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultContext } from './fault.js';
import type { RunningCommand } from './harness/command.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import { openLan } from './harness/network.js';
import { countJobs, openCutLine, SharedBuild, startTrialServer, waitUntil } from './harness/queue.js';
import type { Random } from './random.js';

// Builds that machines share through a queue: workers, the queue and the coordinator fail.

const MUST = 'the build ends with the bytes of one machine, and leaves nothing on the queue';
const LOST = /(?:is|was) tried again[^\n]*its worker was lost/;

/** Seconds within which a lost job starts elsewhere, with what a poll and a loaded machine add. */
const RECOVERY_MOST_S = 45;

/** Longer than locks hold, and than a machine may be silent. */
const FROZEN_MS = 120_000;

function noteRecovery(context: FaultContext, what: string, seconds: number): void {
  context.note(`${what}: started elsewhere after ${seconds} s`);
  expectTrue(seconds <= RECOVERY_MOST_S, `${what}: it took ${seconds} s until the job was given to another`);
}

async function killWorkers(context: FaultContext, random: Random): Promise<void> {
  const kind = context.trial % 2 === 0 ? 'redis' : 'postgres';
  const kills = context.isLong ? 50 : 2;
  const server = await startTrialServer(context, kind);
  const shared = new SharedBuild(context, server.url, countJobs(kills * 4 + 10));
  const workers = [await shared.startWorker(1), await shared.startWorker(2), await shared.startWorker(1)];
  const coordinator = shared.startCoordinator();
  await waitUntil(coordinator, /[1-9]\d*\/\d+ jobs/);
  for (let kill = 0; kill < kills; kill++) {
    const at = random.between(0, workers.length - 1);
    workers[at]?.process.kill('SIGKILL');
    workers[at] = await shared.startWorker(at === 1 ? 2 : 1);
    await sleep(random.between(0, 2000));
    if (coordinator.hasEnded()) throw new Error(`it was done after ${kill + 1} kills: give it more jobs`);
  }
  context.note(`${kind}: ${kills} kills`);
  await shared.expectDone(coordinator);
}

/** The first job that the lost worker had is said to be tried again by the time that another may have it. */
async function killOne(context: FaultContext): Promise<void> {
  const kind = context.trial % 2 === 0 ? 'redis' : 'postgres';
  const server = await startTrialServer(context, kind);
  const shared = new SharedBuild(context, server.url, countJobs(8));
  const doomed = await shared.startWorker();
  const coordinator = shared.startCoordinator();
  await waitUntil(coordinator, /[1-9]\d*\/\d+ jobs/);
  doomed.process.kill('SIGKILL');
  await shared.startWorker();
  noteRecovery(context, `${kind}, killed`, await waitUntil(coordinator, LOST));
  await shared.expectDone(coordinator);
}

async function freeze(context: FaultContext): Promise<void> {
  const kind = context.trial % 2 === 0 ? 'redis' : 'postgres';
  const server = await startTrialServer(context, kind);
  const shared = new SharedBuild(context, server.url, countJobs(150));
  const frozen = await shared.startWorker();
  const coordinator = shared.startCoordinator();
  await waitUntil(coordinator, /[1-9]\d*\/\d+ jobs/);
  frozen.process.kill('SIGSTOP');
  const startMs = performance.now();
  await shared.startWorker();
  noteRecovery(context, `${kind}, frozen`, await waitUntil(coordinator, LOST));
  await sleep(FROZEN_MS - (performance.now() - startMs));
  frozen.process.kill('SIGCONT');
  await shared.expectDone(coordinator);
  await expectAlive(frozen);
}

/** Its own work waits as long; the workers do what it has given out, and it takes what they have left. */
async function freezeCoordinator(context: FaultContext): Promise<void> {
  const kind = context.trial % 2 === 0 ? 'postgres' : 'redis';
  const server = await startTrialServer(context, kind);
  const shared = new SharedBuild(context, server.url, countJobs(30));
  await shared.startWorker();
  const coordinator = shared.startCoordinator();
  await waitUntil(coordinator, /[1-9]\d*\/\d+ jobs/);
  coordinator.process.kill('SIGSTOP');
  await sleep(FROZEN_MS);
  coordinator.process.kill('SIGCONT');
  context.note(`${kind}: frozen for ${FROZEN_MS / 1000} s`);
  await shared.expectDone(coordinator);
}

async function cutWorker(context: FaultContext): Promise<void> {
  const kind = context.trial % 2 === 0 ? 'redis' : 'postgres';
  const server = await startTrialServer(context, kind);
  const shared = new SharedBuild(context, server.url, countJobs(90));
  const line = await openCutLine(context, server);
  const apart = await shared.startWorker(1, { url: line.url });
  const coordinator = shared.startCoordinator();
  await waitUntil(coordinator, /[1-9]\d*\/\d+ jobs/);
  line.cut();
  await shared.startWorker();
  noteRecovery(context, `${kind}, cut off`, await waitUntil(coordinator, LOST));
  line.heal();
  const seconds = await waitUntil(apart, /answers again/);
  context.note(`${kind}, cut off: worker back ${seconds} s after the line`);
  await shared.expectDone(coordinator);
  await expectAlive(apart);
}

async function cutCoordinator(context: FaultContext): Promise<void> {
  const kind = context.trial % 2 === 0 ? 'redis' : 'postgres';
  const server = await startTrialServer(context, kind);
  const shared = new SharedBuild(context, server.url, countJobs(60));
  const line = await openCutLine(context, server);
  await shared.startWorker();
  const coordinator = shared.startCoordinator(line.url);
  await waitUntil(coordinator, /[1-9]\d*\/\d+ jobs/);
  line.cut();
  await waitUntil(coordinator, /does not answer/);
  line.heal();
  context.note(`${kind}: coordinator back after ${await waitUntil(coordinator, /answers again/)} s`);
  await shared.expectDone(coordinator);
}

async function restartServer(context: FaultContext): Promise<void> {
  const keepsData = context.trial % 2 === 0;
  const server = await startTrialServer(context, 'redis');
  const shared = new SharedBuild(context, server.url, countJobs(12));
  await shared.startWorker();
  const coordinator = shared.startCoordinator();
  await waitUntil(coordinator, /[1-9]\d*\/\d+ jobs/);
  await server.kill();
  await waitUntil(coordinator, /does not answer/);
  if (!keepsData) await rm(join(server.folder, 'appendonlydir'), { recursive: true });
  await server.start();
  const seconds = await waitUntil(coordinator, keepsData ? /answers again/ : /the queue has lost job/);
  context.note(`${keepsData ? 'with its data: back' : 'without: jobs given out again'} after ${seconds} s`);
  await shared.expectDone(coordinator);
}

async function killCoordinator(context: FaultContext, random: Random): Promise<void> {
  const kind = context.trial % 2 === 0 ? 'redis' : 'postgres';
  const server = await startTrialServer(context, kind);
  const shared = new SharedBuild(context, server.url, countJobs(30));
  await shared.startWorker();
  for (let kills = random.between(1, 4); kills > 0; kills--) {
    const coordinator = shared.startCoordinator();
    await waitUntil(coordinator, /\d+\/\d+ jobs/);
    await sleep(random.between(0, 4000));
    coordinator.process.kill('SIGKILL');
    await coordinator.ended;
    context.note(`${kind}: killed`);
  }
  await shared.expectDone(shared.startCoordinator());
}

/** Machines with a network, real work, and all of it in one build. */
async function troubleMachines(context: FaultContext, random: Random): Promise<void> {
  const lan = await openLan(context, 3);
  const server = await startTrialServer(context, 'redis', ['--bind', '0.0.0.0', '--protected-mode', 'no']);
  const url = server.url.replace('127.0.0.1', lan.address);
  const shared = new SharedBuild(context, url, { numbers: 1e8, jobNumbers: 5e5, isHeavy: true });
  const startOn = (machine: number): Promise<RunningCommand> =>
    shared.startWorker(machine === 1 ? 2 : 1, { through: lan.on(machine) });
  const killed = [await startOn(0), await startOn(1)];
  const away = await startOn(2);
  const first = shared.startCoordinator();
  await waitUntil(first, /[1-9]\d*\/\d+ jobs/);
  const comesAndGoes = async (): Promise<void> => {
    away.process.kill('SIGSTOP');
    await sleep(60_000);
    away.process.kill('SIGCONT');
    await sleep(5000);
    await lan.cut(2);
    await waitUntil(away, /does not answer/);
    await lan.heal(2);
    context.note(`its cable back: worker back after ${await waitUntil(away, /answers again/)} s`);
  };
  const dieAgainAndAgain = async (): Promise<void> => {
    for (let kill = 0; kill < 50; kill++) {
      await sleep(random.between(0, 2500));
      const machine = random.between(0, 1);
      killed[machine]?.process.kill('SIGKILL');
      killed[machine] = await startOn(machine);
    }
    context.note('50 kills');
  };
  await Promise.all([comesAndGoes(), dieAgainAndAgain()]);
  await server.kill();
  await waitUntil(first, /does not answer/);
  await server.start();
  context.note(`Redis restarted: coordinator back after ${await waitUntil(first, /answers again/)} s`);
  if (first.hasEnded()) throw new Error('it was done too soon: give it more to do');
  first.process.kill('SIGKILL');
  await first.ended;
  await shared.expectDone(shared.startCoordinator());
  await expectAlive(away);
}

/** Whoever was away takes part again, and ends when told to. */
async function expectAlive(worker: RunningCommand): Promise<void> {
  worker.process.kill('SIGTERM');
  expectStatus(await worker.ended, [143], 'the worker that was away');
}

function queueFault(
  name: string,
  fault: string,
  counts: Fault['counts'],
  run: Fault['run'],
  found?: string,
): Fault {
  return { name, fault, must: MUST, counts, run, isTimed: true, ...(found !== undefined && { found }) };
}

export const queueFaults: readonly Fault[] = [
  queueFault(
    'queue-kills',
    'shared through Redis and PostgreSQL: workers killed at random, 50 times in a build',
    { short: 1, long: 2 },
    killWorkers,
  ),
  queueFault(
    'queue-killed',
    'the only worker killed, another one there',
    // As the next three it waits for a lock or a connection to expire: a minute that nothing else happens in.
    { short: 0, long: 2 },
    killOne,
  ),
  queueFault(
    'queue-frozen',
    'a worker frozen for 2 min (SIGSTOP) that goes on later',
    { short: 0, long: 2 },
    freeze,
  ),
  queueFault(
    'queue-coordinator-frozen',
    'the coordinator frozen for 2 min that goes on later',
    { short: 0, long: 2 },
    freezeCoordinator,
  ),
  queueFault(
    'queue-cut-worker',
    'the line between a worker and the queue swallows all, and comes back',
    { short: 0, long: 2 },
    cutWorker,
  ),
  queueFault(
    'queue-cut-coordinator',
    'the same line of the coordinator',
    { short: 0, long: 2 },
    cutCoordinator,
  ),
  queueFault(
    'queue-restarted',
    'Redis killed and started again, with its data and without',
    { short: 1, long: 2 },
    restartServer,
  ),
  queueFault(
    'queue-coordinator-killed',
    'the coordinator killed at random, and its command given again',
    { short: 1, long: 2 },
    killCoordinator,
  ),
  queueFault(
    'queue-machines',
    '1e8 numbers of a CPU-heavy plug-in on three machines (network namespaces): 50 kills of two, the third frozen for 60 s and then ' +
      'its cable pulled, Redis restarted, the coordinator killed',
    // Ten minutes: in short runs the faults above stand for it.
    { short: 0, long: 1 },
    troubleMachines,
  ),
];
