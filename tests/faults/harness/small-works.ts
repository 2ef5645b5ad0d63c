import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { expectStatus } from './expect.js';
import { SUITE } from './suite.js';
import type { Work } from './works.js';

// Works so small that each of their system calls can be made to fail in turn.

const QUIET = ['--cpus', '2', '--out', 'tables', '--progress', 'none'];
const SIGNATURE = ['--range', '60', '--chunk', '20', '--layout', 'signature'];
const JOB = ['--range', '2000', '--chunk', '250', '--layout', 'job'];
const SINGLE = ['--range', '90', '--chunk', '30', '--layout', 'single'];

const PLUG_IN = `export default {
  name: 'tested', version: '1', start: 0,
  keyOf(n) { const m = Number(n); return m % 3 ? String(m % 7) : null; },
};\n`;

function build(name: string, args: readonly string[]): Work {
  return {
    name: `small-${name}`,
    args: ['build', ...args, ...QUIET],
    prepare: (cwd) => {
      writeFileSync(join(cwd, 'plug-in.mjs'), PLUG_IN);
      return Promise.resolve();
    },
  };
}

function plugIn(layout: string, ...more: readonly string[]): Work {
  const size = ['--range', '600', '--chunk', '150', '--layout', layout];
  return build(['plug-in', layout, ...more].join('-').replaceAll('--', ''), [
    ...['--signature', './plug-in.mjs'],
    ...size,
    ...more,
  ]);
}

/** Of all layouts, by formula and by a plug-in. */
export const SMALL_BUILDS: readonly Work[] = [
  build('signature', SIGNATURE),
  build('job', JOB),
  build('single', SINGLE),
  build('count', ['--range', '40', '--aggregate', 'count', '--layout', 'signature']),
  plugIn('signature'),
  plugIn('job'),
  plugIn('single'),
  plugIn('single', '--aggregate', 'sum'),
];

function merge(layout: string, size: readonly string[]): Work {
  return {
    name: `merge-small-${layout}`,
    args: ['merge', 'part-1', 'part-2', '--layout', layout, ...QUIET],
    prepare: async (cwd) => {
      for (const part of ['1', '2']) {
        const shard = ['--shard', `${part}/2`, '--no-sync', '--progress', 'none', '--out', `part-${part}`];
        await runOk(['build', ...size, ...shard], cwd);
      }
    },
  };
}

function repair(layout: string, size: readonly string[]): Work {
  return {
    name: `small-repair-${layout}`,
    args: ['verify', 'tables', '--repair', '--cpus', '2', '--progress', 'none'],
    prepare: async (cwd) => {
      await runOk(['build', ...size, '--no-sync', ...QUIET], cwd);
      const names = readdirSync(join(cwd, 'tables')).filter((name) => /^[^.m].*\.json$/.test(name));
      rmSync(join(cwd, 'tables', names[0] ?? ''));
      writeFileSync(join(cwd, 'tables', names.at(-1) ?? ''), 'damaged');
    },
  };
}

/** The same, merges and repairs. */
export const SMALL_WORKS: readonly Work[] = [
  ...SMALL_BUILDS,
  merge('signature', SIGNATURE),
  merge('job', JOB),
  merge('single', SINGLE),
  repair('signature', SIGNATURE),
  repair('job', JOB),
  repair('single', SINGLE),
];

async function runOk(args: readonly string[], cwd: string): Promise<void> {
  expectStatus(await runCommand(args, { cwd }), [0], args.join(' '));
}

/** A folder that is there for the rest of the run. */
export function lastingFolder(name: string): string {
  return join(SUITE.folder, name);
}
