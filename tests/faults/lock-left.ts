import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotTested, type Fault, type FaultContext } from './fault.js';
import { runCommand, runProgram, startCommand, type CommandOptions } from './harness/command.js';
import { expectSoon, expectStatus, expectTrue } from './harness/expect.js';
import { afterReboot, inOwnNetwork } from './harness/reboot.js';
import { withShim } from './harness/shim.js';
import { SUITE } from './harness/suite.js';
import { expectSameTree, readTree } from './harness/tree.js';
import { BUILDS, PLUG_IN_BUILDS, prepareWork, runUndisturbed, type Work } from './harness/works.js';
import { WAITING_PLUG_IN } from './harness/waiting.js';
import type { Random } from './random.js';

const LOCK = join('tables', '.build', 'lock');
const DAY_S = 86_400;
/** Whoever waits for a lock of the dead takes longer than that. */
const DELAY_MS = 3_000;
const CASES = ['killed', 'rebooted', 'id of a living process', 'id used again', 'no lock text'] as const;

export const lockLeft: Fault = {
  name: 'lock-left',
  fault: 'lock left by kill -9, by a reboot, by a process whose id another one has by now',
  must: "the next build goes on, without a person's help",
  counts: { short: 5, long: 40 },
  run: async (context, random) => {
    const how = CASES[context.trial % CASES.length] ?? 'killed';
    const work = random.pick([...BUILDS, ...PLUG_IN_BUILDS]);
    if (how === 'id used again') return reuseId(work, context, random);
    if (!(await leaveLock(work, context, random))) {
      context.note('no lock left');
      return;
    }
    await goOn(work, context, random, await changeSituation(how, context));
    context.note(how);
  },
};

export const clockMoved: Fault = {
  name: 'clock-moved',
  fault: 'clock moved a day either way, while a build runs and after one was killed',
  must: 'a living build keeps its lock, and that of a dead one is taken over',
  counts: { short: 4, long: 40 },
  run: async (context, random) => {
    const shift = random.isTrue() ? DAY_S : -DAY_S;
    const env = await withShim({ SHIM_CLOCK: String(shift) });
    if (context.trial % 2 === 0) {
      const work = random.pick([...BUILDS, ...PLUG_IN_BUILDS]);
      if (!(await leaveLock(work, context, random))) {
        context.note('no lock left');
        return;
      }
      await goOn(work, context, random, { env });
      context.note('dead holder');
      return;
    }
    await contend(context, env);
    context.note('living holder');
  },
};

/** Kills a work while it holds the lock; whether it did so in time. */
async function leaveLock(work: Work, { folder: cwd }: FaultContext, random: Random): Promise<boolean> {
  const { elapsedMs } = await runUndisturbed(work, random);
  await prepareWork(work, cwd, random);
  const running = startCommand(work.args, { cwd });
  while (!existsSync(join(cwd, LOCK)) && !running.hasEnded()) await sleep(2);
  await Promise.race([sleep(random.next() * elapsedMs * 0.5), running.ended]);
  running.process.kill('SIGKILL');
  await running.ended;
  return existsSync(join(cwd, LOCK));
}

async function changeSituation(
  how: (typeof CASES)[number],
  { folder: cwd }: FaultContext,
): Promise<Omit<CommandOptions, 'cwd'>> {
  if (how === 'rebooted') return { through: await afterReboot(cwd) };
  if (how === 'id of a living process') changeLock(cwd, { pid: process.pid });
  if (how === 'no lock text') writeFileSync(join(cwd, LOCK), '');
  // Without the name in the kernel, the lock file alone has to tell.
  return how === 'killed' ? {} : { through: await inOwnNetwork() };
}

function changeLock(cwd: string, change: object): void {
  const path = join(cwd, LOCK);
  const holder = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, `${JSON.stringify({ ...holder, ...change })}\n`);
}

async function goOn(
  work: Work,
  context: FaultContext,
  random: Random,
  options: Omit<CommandOptions, 'cwd'>,
): Promise<void> {
  const { folder: cwd } = context;
  const { tree, elapsedMs } = await runUndisturbed(work, random);
  const result = await runCommand(work.args, { cwd, ...options });
  expectStatus(result, [0], `${work.name}, gone on with`);
  expectSoon(context, result.elapsedMs, 3 * elapsedMs + DELAY_MS, `${work.name}, gone on with`);
  expectSameTree(readTree(join(cwd, 'tables')), tree, work.name);
}

/** In a shell: starts a build, kills it, gives its process id to another process, and starts the build again. */
const REUSE = `
"$@" & build=$!
for i in $(seq 200); do [ -e ${LOCK} ] && break; sleep 0.01; done
sleep "$PAUSE_S"
kill -9 $build; wait $build 2>/dev/null
[ -e ${LOCK} ] || exit 98
for i in $(seq 50); do
  echo $((build - 1)) > /proc/sys/kernel/ns_last_pid || exit 99
  sleep 60 & other=$!
  [ $other = $build ] && break
  kill -9 $other
done
[ $other = $build ] || exit 99
unshare --net "$@"; status=$?
kill -9 $other
exit $status
`;

async function reuseId(work: Work, context: FaultContext, random: Random): Promise<void> {
  const { tree } = await runUndisturbed(work, random);
  const { folder: cwd } = context;
  await prepareWork(work, cwd, random);
  await runProgram('unshare', '--pid', '--fork', '--mount-proc', 'true').catch(() => {
    throw new NotTested('unshare --pid');
  });
  const through = ['unshare', '--pid', '--fork', '--mount-proc', 'sh', '-c', REUSE, 'sh'];
  const env = { PAUSE_S: (random.next() * 0.3).toFixed(3) };
  const result = await runCommand(work.args, { cwd, through, env });
  if (result.status === 98) {
    context.note('no lock left');
    return;
  }
  if (result.status === 99) throw new NotTested('ns_last_pid');
  expectStatus(result, [0], `${work.name}, gone on with`);
  expectSameTree(readTree(join(cwd, 'tables')), tree, work.name);
  context.note('id used again');
}

/** A build runs; another one whose clock is a day off tries the same folder. */
async function contend({ folder: cwd }: FaultContext, env: Record<string, string>): Promise<void> {
  writeFileSync(join(cwd, 'plug-in.mjs'), WAITING_PLUG_IN);
  const args = [
    'build',
    '--signature',
    './plug-in.mjs',
    '--range',
    '1000',
    '--out',
    'tables',
    '--progress',
    'none',
  ];
  const holder = startCommand(args, { cwd });
  while (!existsSync(join(cwd, LOCK)) && !holder.hasEnded()) await sleep(2);
  for (const through of [[], await inOwnNetwork()]) {
    const contender = await runCommand(args, { cwd, env, through });
    expectStatus(
      contender,
      [4],
      `against a living build${through.length > 0 ? ', by the lock file alone' : ''}`,
    );
  }
  writeFileSync(join(cwd, 'go'), '');
  expectStatus(await holder.ended, [0], 'the build that was there first');
  expectTrue(existsSync(join(cwd, 'tables', 'manifest.json')), `no manifest in ${SUITE.folder}`);
}
