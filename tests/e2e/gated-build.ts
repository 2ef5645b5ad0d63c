import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFolder, type RunningCommand, startCommand } from './harness.js';

/** Jobs of 1000 numbers; the fifth waits for the file that the variable names. */
const SOURCE = `
import { existsSync } from 'node:fs';
const pause = new Int32Array(new SharedArrayBuffer(4));
export default {
  name: 'gated', version: '1', start: 0,
  keyOf(n) {
    while (n === 4500 && !existsSync(process.env.GATE_FILE)) Atomics.wait(pause, 0, 0, 5);
    EXTRA
    return n % 7;
  },
};
`;

/** A command that stands still, with 4 of its 12 jobs done, until its gate is opened. */
export interface GatedCommand {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly open: () => Promise<void>;
}

/** Prepares such a build on one CPU in a folder of its own; `extra` is code of its `keyOf`. */
export async function prepareGatedBuild(extra = ''): Promise<GatedCommand> {
  const cwd = await createFolder();
  await writeFile(join(cwd, 'gated.mjs'), SOURCE.replace('EXTRA', extra));
  const gate = join(cwd, 'gate');
  const args = ['build', '--signature', './gated.mjs', '--range', '12000', '--chunk', '1000', '--cpus', '1'];
  return { args, cwd, env: { GATE_FILE: gate }, open: () => writeFile(gate, '') };
}

/** Such a build under way. */
export interface GatedBuild {
  readonly process: RunningCommand;
  readonly url: string;
  readonly open: () => Promise<void>;
}

/** Starts such a build with a live page, and waits until it stands still. */
export async function startGatedBuild(
  flags: readonly string[] = ['--dashboard'],
  extra = '',
): Promise<GatedBuild> {
  const { args, cwd, env, open } = await prepareGatedBuild(extra);
  const plain = ['--progress', 'plain', '--progress-interval', '0.1'];
  const command = startCommand([...args, ...plain, ...flags], { cwd, env });
  let said = '';
  command.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  while (!said.includes('4/12 jobs') && !command.stderr.closed) await sleep(5);
  const url = /^sigtables: dashboard: (\S+)$/m.exec(said)?.[1] ?? '';
  return { process: command, url, open };
}
