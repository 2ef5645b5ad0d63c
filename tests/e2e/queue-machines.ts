import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kill } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFolder, startCommand, type RunningCommand } from './harness.js';

/** A command under way that talks to a queue, and what it has said. */
export interface Talking {
  readonly process: RunningCommand;
  said(): string;
  /** Waits until `pattern` was said; fails where the command ends before, with what it said. */
  says(pattern: RegExp): Promise<void>;
}

/** A folder with a shared one in it, and a signature that takes a while for each number, without a CPU. */
export interface SharedPlace {
  readonly cwd: string;
  readonly plugIn: string;
}

/** Makes a place of its own; a number takes the signature `waitMs`. */
export async function createPlace(waitMs = 0, body = ''): Promise<SharedPlace> {
  const cwd = await createFolder();
  await mkdir(join(cwd, 'shared'));
  const plugIn = join(cwd, 'mine.mjs');
  const wait = waitMs === 0 ? '' : `Atomics.wait(cell, 0, 0, ${waitMs});`;
  const text = `const cell = new Int32Array(new SharedArrayBuffer(4));
export default { name: 'shared-out', version: '1', start: 0, keyOf(n) { ${wait} ${body} return Number(n) % 7; } };\n`;
  await writeFile(plugIn, text);
  return { cwd, plugIn };
}

/** Starts a command with the queue in its environment. */
export function startTalking(args: readonly string[], cwd: string, url: string, env = {}): Talking {
  const process = startCommand(args, { cwd, env: { SIGTABLES_QUEUE: url, ...env } });
  let said = '';
  process.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const says = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(said) && !process.stderr.closed) await sleep(5);
    if (!pattern.test(said)) throw new Error(`${args.join(' ')} did not say ${String(pattern)}:\n${said}`);
  };
  return { process, said: () => said, says };
}

/** Starts a worker and waits until it takes jobs. */
export async function startWorker(
  { cwd, plugIn }: SharedPlace,
  url: string,
  more: readonly string[] = ['--cpus', '2'],
): Promise<Talking> {
  const worker = startTalking(['worker', '--root', 'shared', '--signature', plugIn, ...more], cwd, url);
  await worker.says(/takes jobs of/);
  return worker;
}

/** Ends a worker in order. */
export async function stopWorker({ process }: Talking): Promise<void> {
  process.kill('SIGTERM');
  await process;
}

/** Sends SIGTERM and nothing else: a SIGKILL follows the library's own `kill` 5 s later. */
export function terminate({ process: { pid } }: Talking): void {
  if (pid !== undefined) kill(pid, 'SIGTERM');
}

/** Starts a build into the shared folder, with a line of progress often. */
export function startSharedBuild({ cwd }: SharedPlace, url: string, args: readonly string[]): Talking {
  const progress = ['--progress', 'plain', '--progress-interval', '0.2'];
  return startTalking(['build', '--out', 'shared/tables', ...args, ...progress], cwd, url);
}
