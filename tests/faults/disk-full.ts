import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NoMoreTrials, type Fault, type FaultContext } from './fault.js';
import { runCommand, startCommand, type CommandResult } from './harness/command.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import { chooseCall, describeCall, ERRNO, runWithFailure } from './harness/failing-calls.js';
import { fillUp, makeRoom, mountMemory, remount } from './harness/small-disk.js';
import { SMALL_BUILDS, SMALL_WORKS } from './harness/small-works.js';
import { expectSameTree, readTree } from './harness/tree.js';
import { BUILDS, MERGES, PLUG_IN_BUILDS, prepareWork, runUndisturbed, type Work } from './harness/works.js';
import type { Random } from './random.js';

const REFUSALS = { ENOSPC: /disk is full/, EDQUOT: /quota/, EFBIG: /limit on file sizes/ } as const;
const MUST = '5 with the reason; the same command goes on after space is made, and ends with the same bytes';

/** The command ends with status 5 and a line that `reason` matches. */
function expectRefused(result: CommandResult, reason: RegExp, what: string): void {
  expectStatus(result, [5], what);
  expectTrue(/^(?:sigtables: [^\n]+\n)+$/.test(result.stderr), `${what}: not in lines:\n${result.stderr}`);
  expectTrue(reason.test(result.stderr), `${what}: it does not say why: ${result.stderr}`);
}

/** The same command, undisturbed, ends with the same bytes. */
async function expectGoesOn(work: Work, cwd: string, random: Random): Promise<void> {
  const { tree } = await runUndisturbed(work, random);
  expectStatus(await runCommand(work.args, { cwd }), [0], `${work.name}, gone on with`);
  expectSameTree(readTree(join(cwd, 'tables')), tree, work.name);
}

export const fullDiskCalls: Fault = {
  name: 'full-disk-calls',
  fault:
    'disk full, quota used up, file-size limit reached: at the k-th call that takes space, once and for ever',
  must: MUST,
  counts: { short: 12, long: 2500 },
  found:
    '`verify --repair` called a disk without room for its lock an internal error (1): now 5. A folder that could not be made was ' +
    'said to have been removed (ENOENT, as Node says of any reason): now the reason.',
  run: async (context, random) => {
    const kinds = ['write', 'create', 'truncate'] as const;
    const call = await chooseCall(SMALL_WORKS, kinds, context.trial, random);
    if (!call) throw new NoMoreTrials();
    const { work } = call;
    const cwd = context.folder;
    await runUndisturbed(work, random);
    await prepareWork(work, cwd, random);
    const name = random.pick(['ENOSPC', 'EDQUOT', 'EFBIG'] as const);
    const isShort = call.kind === 'write' && random.isTrue();
    const { result, failed } = await runWithFailure(call, cwd, ERRNO[name], {
      SHIM_SHORT: isShort ? '1' : '',
    });
    const what = `${describeCall(call)}, ${name}${isShort ? ' behind a short write' : ''}`;
    // libuv keeps an error behind a short write to itself: the rest is written by the next call, which may succeed.
    const isRetried = isShort && !call.isSticky && result.status === 0;
    context.note(failed.length === 0 ? 'not reached' : isRetried ? 'written at the next try' : name);
    if (failed.length === 0 || isRetried) expectStatus(result, [0], what);
    else {
      expectRefused(result, REFUSALS[name], what);
      const isBuild = !work.name.includes('repair');
      expectTrue(!isBuild || !existsSync(join(cwd, 'tables', 'manifest.json')), `${what}: a manifest`);
    }
    await expectGoesOn(work, cwd, random);
  },
};

const WAYS = ['no room', 'room for half', 'fills up', 'few files', 'file-size limit'] as const;

export const fullDisk: Fault = {
  name: 'full-disk',
  fault:
    'full disk at the start and midway, out of inodes (a small tmpfs), file-size limit (prlimit --fsize)',
  must: `${MUST}; what is missing is said in numbers where it is known beforehand`,
  counts: { short: 5, long: 60 },
  run: async (context, random) => {
    const way = WAYS[context.trial % WAYS.length] ?? 'no room';
    await TRIALS[way](context, random);
    context.note(way);
  },
};

const TRIALS: Readonly<
  Record<(typeof WAYS)[number], (context: FaultContext, random: Random) => Promise<void>>
> = {
  /** Refused before anything is written. */
  'no room': async (context, random) => {
    const work = random.pick([...BUILDS, ...MERGES]);
    const cwd = await mountMemory(context, 'size=100m');
    await prepareWork(work, cwd, random);
    fillUp(cwd, 8192);
    const before = readTree(join(cwd, 'tables'));
    const result = await runCommand(work.args, { cwd });
    expectRefused(result, /needs \d+ bytes more, and its disk has \d+ free \(\d+ too few\)/, work.name);
    expectSameTree(readTree(join(cwd, 'tables')), before, 'it wrote');
    makeRoom(cwd);
    await expectGoesOn(work, cwd, random);
  },
  /** What a plug-in makes is not known beforehand. */
  'room for half': async (context, random) => {
    const work = random.pick(PLUG_IN_BUILDS);
    const cwd = await mountMemory(context, 'size=20m');
    await prepareWork(work, cwd, random);
    fillUp(cwd, 1024 * random.between(600, 1000));
    const result = await runCommand(work.args, { cwd, isEager: true });
    if (result.status !== 0) expectRefused(result, /disk is full|needs \d+ bytes more/, work.name);
    else context.note('it fitted');
    makeRoom(cwd);
    await expectGoesOn(work, cwd, random);
  },
  'fills up': async (context, random) => {
    const work = random.pick([...BUILDS, ...MERGES, ...PLUG_IN_BUILDS]);
    const { elapsedMs } = await runUndisturbed(work, random);
    const cwd = await mountMemory(context, 'size=100m');
    await prepareWork(work, cwd, random);
    const running = startCommand(work.args, { cwd, isEager: true });
    await sleep(elapsedMs * random.next());
    fillUp(cwd, 0);
    const result = await running.ended;
    if (result.status !== 0) expectRefused(result, /disk is full|needs \d+ bytes more/, work.name);
    else context.note('it fitted');
    makeRoom(cwd);
    await expectGoesOn(work, cwd, random);
  },
  'few files': async (context, random) => {
    const work = random.pick(SMALL_BUILDS.filter(({ args }) => args.includes('signature')));
    const cwd = await mountMemory(context, `size=20m,nr_inodes=${random.between(3, 20)}`);
    await prepareWork(work, cwd, random);
    const result = await runCommand(work.args, { cwd, isEager: true });
    if (result.status !== 0)
      expectRefused(result, /needs \d+ files more, and its disk takes \d+|disk is full/, work.name);
    await remount(cwd, 'nr_inodes=10000');
    await expectGoesOn(work, cwd, random);
  },
  'file-size limit': async (context, random) => {
    const work = random.pick(BUILDS.filter(({ name }) => name !== 'build-count' && name !== 'build-force'));
    const cwd = context.folder;
    await prepareWork(work, cwd, random);
    const bytes = random.between(1, 100) * (work.name === 'build-signature' ? 10 : 1000);
    const through = ['prlimit', `--fsize=${bytes}:${bytes}`];
    const result = await runCommand(work.args, { cwd, through, isEager: true });
    expectRefused(result, /limit on file sizes/, `${work.name} with ${bytes} bytes`);
    await expectGoesOn(work, cwd, random);
  },
};
