import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.js';
import { runCommand, type CommandResult } from './command.js';
import { expectStatus } from './expect.js';
import { withShim } from './shim.js';
import { lastingFolder } from './small-works.js';
import { prepareWork, type Work } from './works.js';

/** The kinds of calls that the shim can make fail, in the order in which it counts them. */
const KINDS = ['write', 'sync', 'rename', 'create', 'truncate'] as const;

export type CallKind = (typeof KINDS)[number];

/** The `at`-th call of its kind that a work makes, from 1 on. */
export interface FailingCall {
  readonly work: Work;
  readonly kind: CallKind;
  readonly at: number;
  /** Whether all calls of the kind fail from there on. */
  readonly isSticky: boolean;
}

/** An error as the system numbers it. */
export const ERRNO = { EIO: 5, EFBIG: 27, ENOSPC: 28, EDQUOT: 122 } as const;

const lists = new Map<string, Promise<readonly FailingCall[]>>();

/**
 * The call that is to fail in a trial: every call of some kinds that the works make comes once as a single failure and once
 * with all behind it, in an order that goes through all works early. Nothing where all have been.
 */
export async function chooseCall(
  works: readonly Work[],
  kinds: readonly CallKind[],
  trial: number,
  random: Random,
): Promise<FailingCall | undefined> {
  const id = [...works.map(({ name }) => name), ...kinds].join();
  const known = lists.get(id) ?? listCalls(works, kinds, random);
  lists.set(id, known);
  const calls = await known;
  if (trial >= calls.length) return undefined;
  return calls[(trial * findStride(calls.length)) % calls.length];
}

/** Runs the work in `cwd`, prepared, with the call failing; `log` gets a line for each failure. */
export async function runWithFailure(
  { work, kind, at, isSticky }: FailingCall,
  cwd: string,
  errno: number,
  more: Readonly<Record<string, string>> = {},
): Promise<{ result: CommandResult } & FailureLog> {
  const log = join(cwd, 'failures.log');
  const env = await withShim({
    SHIM_FOLDER: join(cwd, 'tables'),
    SHIM_KIND: kind,
    SHIM_AT: String(at),
    SHIM_ERRNO: String(errno),
    SHIM_STICKY: isSticky ? '1' : '',
    SHIM_LOG: log,
    ...more,
  });
  const result = await runCommand(work.args, { cwd, env, isEager: true });
  return { result, ...readLog(log) };
}

/** `the 3rd write and all behind it of small-job`. */
export function describeCall({ work, kind, at, isSticky }: FailingCall): string {
  return `${kind} ${at}${isSticky ? ' and all behind it' : ''} of ${work.name}`;
}

/** What went wrong in a run. */
export interface FailureLog {
  /** The paths of the calls that failed, in order. */
  readonly failed: readonly string[];
  /** What was written and is lost, since the sync that was to keep it failed. */
  readonly lost: readonly Stretch[];
}

/** Bytes of a file. */
export interface Stretch {
  readonly path: string;
  readonly position: number;
  readonly bytes: number;
}

function readLog(path: string): FailureLog {
  const failed: string[] = [];
  const lost: Stretch[] = [];
  /** By path, what no sync has kept yet. */
  const unsynced = new Map<string, Stretch[]>();
  /** By thread, what stood there when its sync began. */
  const begun = new Map<string, readonly Stretch[]>();
  for (const line of readLines(path)) {
    const [, what, kind, thread = '', position, bytes, file = ''] =
      /^(\w+) (\w+) (\d+) (\d+) (\d+) (.*)$/.exec(line) ?? [];
    const pending = unsynced.get(file) ?? [];
    if (what === 'failed') failed.push(file);
    if (kind === 'write' && what === 'done')
      unsynced.set(file, [...pending, { path: file, position: Number(position), bytes: Number(bytes) }]);
    if (kind !== 'sync') continue;
    if (what === 'begin') begun.set(thread, pending);
    else {
      const synced = new Set(begun.get(thread));
      if (what === 'failed') lost.push(...synced);
      unsynced.set(
        file,
        pending.filter((stretch) => !synced.has(stretch)),
      );
    }
  }
  return { failed, lost };
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(0, -1);
  } catch {
    return []; // nothing was written
  }
}

async function listCalls(
  works: readonly Work[],
  kinds: readonly CallKind[],
  random: Random,
): Promise<readonly FailingCall[]> {
  const calls: FailingCall[] = [];
  for (const work of works) {
    const counts = await countCalls(work, random);
    for (const kind of kinds) {
      for (let at = 1; at <= (counts.get(kind) ?? 0); at++) {
        for (const isSticky of [false, true]) calls.push({ work, kind, at, isSticky });
      }
    }
  }
  return calls;
}

const counted = new Map<string, Promise<ReadonlyMap<CallKind, number>>>();

function countCalls(work: Work, random: Random): Promise<ReadonlyMap<CallKind, number>> {
  const known = counted.get(work.name) ?? runCounting(work, random);
  counted.set(work.name, known);
  return known;
}

async function runCounting(work: Work, random: Random): Promise<ReadonlyMap<CallKind, number>> {
  const cwd = lastingFolder(`counted-${work.name}`);
  mkdirSync(cwd, { recursive: true });
  await prepareWork(work, cwd, random);
  const path = join(cwd, 'counts');
  const env = await withShim({ SHIM_FOLDER: join(cwd, 'tables'), SHIM_COUNTS: path });
  expectStatus(await runCommand(work.args, { cwd, env, isEager: true }), [0], work.name);
  const bytes = readFileSync(path);
  return new Map(KINDS.map((kind, i) => [kind, Number(bytes.readBigUInt64LE(8 * i))]));
}

/** Steps of that many go through all of `count` things, far apart. */
function findStride(count: number): number {
  let stride = Math.max(1, Math.round(count * 0.618));
  while (divide(stride, count) !== 1) stride += 1;
  return stride;
}

/** The greatest common divisor. */
function divide(a: number, b: number): number {
  return b === 0 ? a : divide(b, a % b);
}
