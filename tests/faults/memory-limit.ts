import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault, FaultContext } from './fault.js';
import { runCommand } from './harness/command.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import { limitMemory } from './harness/memory-cgroup.js';

const LIMIT_BYTES = 256 * 2 ** 20;
/** As much time as a disk may need for 10 GB. */
const MAX_MS = 600_000;
const PLUG_IN = `export default { name: 'spread', version: '1', start: 0, keyOf: (n) => (n * 7919) % 5003 };\n`;

interface Work {
  readonly name: string;
  readonly args: readonly string[];
  /** The numbers that the result must speak of. */
  readonly numbers: string;
}

export const memoryLimit: Fault = {
  name: 'memory-limit',
  fault:
    'a cgroup of 256 MB, page cache included: plan of 1e10, build of 1e9, build of 1e8 by a plug-in (a short run: 1e7, 1e6)',
  must: 'all end right, and the tables verify',
  counts: { short: 3, long: 3 },
  isTimed: true,
  run: async (context) => {
    const work = chooseWork(context);
    // On the disk: what stands in memory counts to the limit.
    const cwd = mkdtempSync(join(tmpdir(), 'sigtables-limit-'));
    context.atEnd(() => rm(cwd, { recursive: true, force: true }));
    writeFileSync(join(cwd, 'plug-in.mjs'), PLUG_IN);
    const options = { cwd, through: limitMemory(context, LIMIT_BYTES), maxMs: MAX_MS };
    const result = await runCommand(work.args, options);
    expectStatus(result, [0], work.name);
    const { stdout } = result;
    expectTrue(stdout.includes(work.numbers), `${work.name} says ${work.numbers} numbers, not:\n${stdout}`);
    if (work.args[0] === 'build')
      expectStatus(await runCommand(['verify', 'tables'], options), [0], `verify after ${work.name}`);
    context.note(work.name);
  },
};

function chooseWork({ trial, isLong }: FaultContext): Work {
  const budget = ['--max-memory', '256MB', '--out', 'tables'];
  const plugIn = ['--signature', './plug-in.mjs'];
  const works: readonly Work[] = [
    { name: 'plan', args: ['plan', '--range', '1e10'], numbers: '9,999,999,990' },
    isLong
      ? { name: 'build', args: ['build', '--range', '1e9', ...budget], numbers: '999,999,990' }
      : { name: 'build', args: ['build', '--range', '1e7', ...budget], numbers: '9,999,990' },
    isLong
      ? { name: 'plug-in', args: ['build', '--range', '1e8', ...plugIn, ...budget], numbers: '100,000,000' }
      : { name: 'plug-in', args: ['build', '--range', '1e6', ...plugIn, ...budget], numbers: '1,000,000' },
  ];
  return works[trial % works.length]!;
}
