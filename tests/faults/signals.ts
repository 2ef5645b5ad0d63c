import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultContext } from './fault.js';
import { runCommand, startCommand, type RunningCommand } from './harness/command.js';
import { expectSoon, expectStatus } from './harness/expect.js';
import { measureIdle } from './harness/idle.js';
import { expectSameTree, readTree } from './harness/tree.js';
import { BUILDS, MERGES, PLUG_IN_BUILDS, prepareWork, runUndisturbed, type Work } from './harness/works.js';
import type { Random } from './random.js';

const STATUSES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const SIGNALS = Object.keys(STATUSES) as (keyof typeof STATUSES)[];
const STOP_MS = 5_000;
/** A second signal stops it at once: with what an end of the process takes. */
const AT_ONCE_MS = 1_000;
/** The second of two like signals that come together counts as an echo. */
const NO_ECHO_MS = 520;

const SLOW_PLUG_IN = `import { existsSync } from 'node:fs';
const never = new Int32Array(new SharedArrayBuffer(4));
export default {
  name: 'slow', version: '1', start: 0,
  keyOf(n) {
    if (BigInt(n) % 50n === 0n && existsSync('slow')) Atomics.wait(never, 0, 0, 100);
    return Number(n) % 7;
  },
};\n`;

/** A job takes 20 s as long as there is a file called slow. */
const SLOW: Work = {
  name: 'slow-plug-in',
  args: [
    ...['build', '--signature', './plug-in.mjs', '--range', '40000', '--chunk', '10000', '--cpus', '2'],
    ...['--out', 'tables', '--progress', 'none'],
  ],
  prepare: (cwd) => {
    writeFileSync(join(cwd, 'plug-in.mjs'), SLOW_PLUG_IN);
    return Promise.resolve();
  },
};

export const signals: Fault = {
  name: 'signals',
  fault: 'SIGINT, SIGTERM, SIGHUP at random times, in turns; a second one in every other trial',
  must: '130, 143, 129 within 5 s, and the same command goes on to the same bytes; the second one ends it at once',
  counts: { short: 6, long: 180 },
  isTimed: true,
  found:
    'Long jobs of a plug-in held a stopped build up for as long as they took. Now their threads are ended 3.5 s after the signal (src/build/job-session.ts), and at once while buckets are placed (src/build/assembly.ts).',
  run: async (context, random) => {
    const signal = SIGNALS[context.trial % 3] ?? 'SIGINT';
    const isTwice = context.trial % 6 >= 3;
    const work =
      isTwice || random.isTrue(0.2) ? SLOW : random.pick([...BUILDS, ...PLUG_IN_BUILDS, ...MERGES]);
    const { tree, elapsedMs } = await runUndisturbed(work, random);
    const cwd = context.folder;
    await prepareWork(work, cwd, random);
    if (work === SLOW) writeFileSync(join(cwd, 'slow'), '');
    const running = startCommand(work.args, { cwd });
    await Promise.race([sleep(random.next() * elapsedMs * (work === SLOW ? 3 : 1)), running.ended]);
    if (running.hasEnded()) context.note('too late');
    else if (isTwice) await signalTwice(running, signal, context, random);
    else await signalOnce(running, signal, context);
    rmSync(join(cwd, 'slow'), { force: true });
    expectStatus(await runCommand(work.args, { cwd }), [0], `${work.name}, gone on with`);
    expectSameTree(readTree(join(cwd, 'tables')), tree, work.name);
  },
};

async function signalOnce(
  running: RunningCommand,
  signal: keyof typeof STATUSES,
  context: FaultContext,
): Promise<void> {
  const atMs = performance.now();
  running.process.kill(signal);
  const result = await running.ended;
  const tookMs = performance.now() - atMs;
  // One that had nothing left to do when the signal came may end well.
  expectStatus(result, [STATUSES[signal], 0], signal);
  context.note(
    result.status === 0 ? 'done before' : `once, ${result.signal ? 'before it listened' : 'stopped'}`,
  );
  await expectWithin(context, tookMs, STOP_MS, signal);
}

async function signalTwice(
  running: RunningCommand,
  first: keyof typeof STATUSES,
  context: FaultContext,
  random: Random,
): Promise<void> {
  running.process.kill(first);
  const second = random.pick(SIGNALS);
  const pauseMs = (second === first ? NO_ECHO_MS : 1) + random.next() * 300;
  await Promise.race([sleep(pauseMs), running.ended]);
  if (running.hasEnded()) {
    expectStatus(await running.ended, [STATUSES[first]], first);
    context.note('twice, ended by the first');
    return;
  }
  const atMs = performance.now();
  running.process.kill(second);
  expectStatus(await running.ended, [STATUSES[first], STATUSES[second]], `${first}, then ${second}`);
  const tookMs = performance.now() - atMs;
  context.note('twice, ended by the second');
  await expectWithin(context, tookMs, AT_ONCE_MS, `${first}, then ${second}`);
}

/** A machine that is busy with other things makes everything slower. */
async function expectWithin(
  context: FaultContext,
  tookMs: number,
  mostMs: number,
  what: string,
): Promise<void> {
  if (tookMs > mostMs) expectSoon(context, tookMs, mostMs + (await measureIdle(1)), what);
}
