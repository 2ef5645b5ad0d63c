import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NotTested } from '../fault.js';
import type { Random } from '../random.js';
import { runCommand, runProgram, startCommand, type CommandOptions, type RunningCommand } from './command.js';
import { SUITE } from './suite.js';
import { prepareWork, type Work } from './works.js';

/** Every kind of system call that writes, or makes what was written durable. */
const KINDS = [
  ...['write', 'pwrite64', 'writev', 'pwritev', 'copy_file_range', 'ftruncate', 'fallocate'],
  ...['openat', 'mkdir', 'link', 'rename', 'unlink', 'rmdir', 'fsync', 'fdatasync'],
];

/** A call: the `at`-th of its kind that one thread makes, from 1 on. */
export interface Call {
  readonly kind: string;
  readonly at: number;
}

const censuses = new Map<string, Promise<readonly Call[]>>();
let hasStrace: Promise<boolean> | undefined;

/** Throws a NotTested where there is no strace that may be used. */
export async function requireStrace(): Promise<void> {
  hasStrace ??= runProgram('strace', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', 'true').then(
    () => true,
    () => false,
  );
  if (!(await hasStrace)) throw new NotTested('strace');
}

/** A call that writes to the folder of the work's tables, of any kind with the same chance. */
export async function pickCall(work: Work, random: Random, options: { isEager: boolean }): Promise<Call> {
  const name = `${work.name}${options.isEager ? '-eager' : ''}`;
  const known = censuses.get(name) ?? countCalls(work, random, name, options);
  censuses.set(name, known);
  const calls = await known;
  const kind = random.pick([...new Set(calls.map((call) => call.kind))]);
  // Rather too early: a run that goes on with another's work makes fewer calls, and no two share them out alike among their threads.
  const { at } = random.pick(calls.filter((call) => call.kind === kind));
  return { kind, at: random.between(1, at) };
}

/** Starts the command; it is killed as it makes this call. */
export function startKilledAt(call: Call, args: readonly string[], options: CommandOptions): RunningCommand {
  const inject = ['-e', `trace=${call.kind}`, '-e', `inject=${call.kind}:signal=KILL:when=${call.at}`];
  const through = ['strace', '-f', '--seccomp-bpf', '-qq', ...inject, '-o', '/dev/null'];
  return startCommand(args, { ...options, through });
}

async function countCalls(
  work: Work,
  random: Random,
  name: string,
  { isEager }: { isEager: boolean },
): Promise<readonly Call[]> {
  const cwd = join(SUITE.folder, 'census', name);
  mkdirSync(cwd, { recursive: true });
  await prepareWork(work, cwd, random);
  const log = join(SUITE.folder, `census-${name}.txt`);
  const through = ['strace', '-f', '--seccomp-bpf', '-qq', '-y', '-e', `trace=${KINDS.join(',')}`, '-o', log];
  await runCommand(work.args, { cwd, isEager, through });
  const calls = readCalls(readFileSync(log, 'latin1'), join(cwd, 'tables'));
  rmSync(cwd, { recursive: true });
  return calls;
}

/** The calls in a log that are about files in `folder`, each but once. */
function readCalls(log: string, folder: string): Call[] {
  const made = new Map<string, number>();
  const calls = new Map<string, Call>();
  for (const line of log.split('\n')) {
    const [, thread = '', kind = ''] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    if (kind === '') continue;
    const at = (made.get(`${thread} ${kind}`) ?? 0) + 1;
    made.set(`${thread} ${kind}`, at);
    const isAbout = line.includes(folder) || line.includes('"tables');
    if (isAbout && (kind !== 'openat' || line.includes('O_CREAT'))) calls.set(`${kind} ${at}`, { kind, at });
  }
  return [...calls.values()];
}
