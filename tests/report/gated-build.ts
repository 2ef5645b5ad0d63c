import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFolder, type RunningCommand, startCommand } from '../e2e/harness.js';

/** Jobs of 1000 numbers; those from `GATE` on wait for the file `gate`. */
const SOURCE = `
import { existsSync } from 'node:fs';
const pause = new Int32Array(new SharedArrayBuffer(4));
export default {
  name: 'gated', version: '1', start: 0,
  keyOf(n) {
    while (n === GATE && !existsSync(process.env.GATE_FILE)) Atomics.wait(pause, 0, 0, 5);
    EXTRA
    return n % 7;
  },
};
`;

/** A build that stands still, with 4 of its 12 jobs done, until its gate is opened. */
export interface GatedBuild {
  readonly process: RunningCommand;
  readonly url: string;
  readonly cwd: string;
  readonly saidSoFar: () => string;
  open(): Promise<void>;
}

/** Starts such a build on one CPU with a live page, and waits until it stands still; `extra` is code of its `keyOf`. */
export async function startGatedBuild(
  args: readonly string[] = ['--dashboard'],
  extra = '',
): Promise<GatedBuild> {
  const cwd = await createFolder();
  await writeFile(join(cwd, 'gated.mjs'), SOURCE.replace('EXTRA', extra).replace('GATE &&', '4500 &&'));
  const gate = join(cwd, 'gate');
  const build = ['build', '--signature', './gated.mjs', '--range', '12000', '--chunk', '1000', '--cpus', '1'];
  const plain = ['--progress', 'plain', '--progress-interval', '0.1'];
  const command = startCommand([...build, ...plain, ...args], { cwd, env: { GATE_FILE: gate } });
  let said = '';
  command.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  while (!said.includes('4/12 jobs') && command.exitCode === null) await sleep(5);
  const url = /^sigtables: dashboard: (\S+)$/m.exec(said)?.[1] ?? '';
  return { process: command, url, cwd, saidSoFar: () => said, open: () => writeFile(gate, '') };
}
