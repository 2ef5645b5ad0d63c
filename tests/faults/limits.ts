import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotTested, type Fault, type FaultContext } from './fault.js';
import { runCommand, runProgram, startCommand, type CommandResult } from './harness/command.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import { mountMemory, remount } from './harness/small-disk.js';
import { SMALL_WORKS } from './harness/small-works.js';
import { expectSameTree, readTree } from './harness/tree.js';
import { prepareWork, runUndisturbed, type Work, WORKS } from './harness/works.js';
import type { Random } from './random.js';

const NOBODY = 65_534;
/** Whoever takes longer than that has been waiting for something. */
const SOON_MS = 30_000;

/** One line, with the reason, and soon. */
function expectReason(result: CommandResult, reason: RegExp, what: string): void {
  expectTrue(/^(?:sigtables: [^\n]+\n)+$/.test(result.stderr), `${what}: not in lines:\n${result.stderr}`);
  expectTrue(reason.test(result.stderr), `${what}: it does not say why: ${result.stderr}`);
  expectTrue(result.elapsedMs < SOON_MS, `${what}: it took ${result.elapsedMs} ms`);
}

async function expectDone(work: Work, cwd: string, random: Random, result: CommandResult): Promise<void> {
  expectStatus(result, [0], work.name);
  expectSameTree(readTree(join(cwd, 'tables')), (await runUndisturbed(work, random)).tree, work.name);
}

export const descriptors: Fault = {
  name: 'descriptors',
  fault: '300 file descriptors, and fewer (prlimit --nofile)',
  must: 'with 300 all is done all the same; with fewer also, or 5 with the reason; never a hang',
  counts: { short: 4, long: 60 },
  found:
    "Where a part of the program itself could not be opened, it ended with 1 and 'internal error': now 5.",
  run: async (context, random) => {
    const work = random.pick(WORKS);
    const cwd = context.folder;
    await prepareWork(work, cwd, random);
    const limit = context.trial % 2 === 0 ? 300 : random.between(30, 120);
    const through = ['prlimit', `--nofile=${limit}:${limit}`];
    const result = await runCommand(work.args, { cwd, through });
    context.note(limit === 300 ? '300' : result.status === 0 ? 'fewer, done' : 'fewer, refused');
    if (limit === 300 || result.status === 0) return expectDone(work, cwd, random, result);
    expectStatus(result, [5], `${work.name} with ${limit} descriptors`);
    expectReason(result, /may not open more files/, `${work.name} with ${limit} descriptors`);
    await expectDone(work, cwd, random, await runCommand(work.args, { cwd }));
  },
};

export const readOnly: Fault = {
  name: 'read-only',
  fault: 'a file system that is mounted read-only, or becomes so while the command runs',
  must: '5 with the reason; the same command goes on once it may write; never a hang',
  counts: { short: 2, long: 30 },
  run: async (context, random) => {
    const work = random.pick(WORKS);
    const cwd = await mountMemory(context, 'size=100m');
    await prepareWork(work, cwd, random);
    const { elapsedMs } = await runUndisturbed(work, random);
    if (context.trial % 2 === 0) await remount(cwd, 'ro');
    const running = startCommand(work.args, { cwd, isEager: true });
    if (context.trial % 2 === 1) await freeze(cwd, random.next() * elapsedMs);
    const result = await running.ended;
    await remount(cwd, 'rw');
    context.note(result.status === 0 ? 'too late' : 'refused');
    if (result.status !== 0) {
      expectStatus(result, [5], work.name);
      expectReason(result, /read-only/, work.name);
    }
    await expectDone(work, cwd, random, await runCommand(work.args, { cwd }));
  },
};

/** A mount becomes read-only only while nobody has a file open to write: asked for until it does. */
async function freeze(cwd: string, afterMs: number): Promise<void> {
  await sleep(afterMs);
  for (let tries = 0; tries < 200; tries++) {
    const isFrozen = await remount(cwd, 'ro').then(
      () => true,
      () => false,
    );
    if (isFrozen) return;
    await sleep(2);
  }
}

export const permission: Fault = {
  name: 'permission',
  fault: 'a folder that this user may not write to, or not look into (setpriv to an ordinary user)',
  must: '5 with the reason, nothing touched; never a hang',
  counts: { short: 3, long: 30 },
  run: async (context, random) => {
    const work = random.pick(SMALL_WORKS);
    const cwd = context.folder;
    const through = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
    await requireOrdinaryUser(through);
    await prepareWork(work, cwd, random);
    const tables = join(cwd, 'tables');
    mkdirSync(tables, { recursive: true });
    // A folder that cannot be looked into holds no table set that could be repaired.
    const mode = work.name.includes('repair') ? 0o555 : random.pick([0o555, 0o000, 0o444]);
    openUp(cwd, context);
    chmodSync(tables, mode);
    const before = readTree(tables);
    const result = await runCommand(work.args, { cwd, through });
    const what = `${work.name} into a folder of mode ${mode.toString(8)}`;
    expectStatus(result, [5], what);
    expectReason(result, /may not/, what);
    expectSameTree(readTree(tables), before, what);
    chmodSync(tables, 0o755);
    await expectDone(work, cwd, random, await runCommand(work.args, { cwd }));
  },
};

/** The suite's own folder is for root alone. */
function openUp(cwd: string, context: FaultContext): void {
  chmodSync(cwd, 0o755);
  chmodSync(join(context.folder, '..'), 0o755);
  chownSync(cwd, 0, 0);
}

async function requireOrdinaryUser(through: readonly string[]): Promise<void> {
  const [program, ...args] = [...through, 'true'];
  await runProgram(program, ...args).catch(() => {
    throw new NotTested('setpriv to an ordinary user');
  });
}

export const folderRemoved: Fault = {
  name: 'folder-removed',
  fault: 'the output folder is removed while the command runs',
  must: 'a failure with its reason (3 or 5), or it was done before; never a hang; the same command builds it anew',
  counts: { short: 3, long: 60 },
  found: 'A removed spool was called damaged, with 6: now the folder is said to be removed, with 5.',
  run: async (context, random) => {
    const work = random.pick(WORKS);
    const cwd = context.folder;
    await prepareWork(work, cwd, random);
    const { elapsedMs } = await runUndisturbed(work, random);
    const running = startCommand(work.args, { cwd, isEager: true });
    await Promise.race([sleep(random.next() * elapsedMs), running.ended]);
    const isEarly = running.saidSoFar() === '' && !running.hasEnded();
    removeWhileUsed(join(cwd, 'tables'));
    const result = await running.ended;
    const what = `${work.name} without its folder`;
    context.note(result.status === 0 ? 'done before or behind' : `status ${result.status}`);
    expectTrue(isEarly || running.hasEnded(), what);
    expectStatus(result, [0, 3, 5], what);
    if (result.status !== 0)
      expectReason(result, /removed|is gone|missing|no table set|cannot be repaired/, what);
    rmSync(join(cwd, 'tables'), { recursive: true, force: true });
    if (work.name.startsWith('repair')) return;
    await expectDone(work, cwd, random, await runCommand(work.args, { cwd }));
  },
};

/** Others may make files there meanwhile. */
function removeWhileUsed(folder: string): void {
  for (let tries = 0; tries < 100; tries++) {
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch {
      // once more
    }
  }
}
