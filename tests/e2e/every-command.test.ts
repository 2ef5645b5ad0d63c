import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { createFolder, runCommand } from './harness.js';

interface Run {
  readonly args: readonly string[];
  readonly says: RegExp;
  /** 0 unless given. */
  readonly status?: number;
}

/** Runs for each command, in a folder with `mine.ts` and the table set `tables` of 1e4: CI does them under every version of Node. */
const RUNS: Readonly<Record<string, readonly Run[]>> = {
  build: [
    { args: ['--range', '1e5', '--layout', 'job', '--out', 'by-job'], says: /^Built 99,990 numbers/ },
    { args: ['--signature', './mine.ts', '--range', '1e4', '--out', 'mine'], says: /^Built 10,000 numbers/ },
    { args: ['--range', '1e30', '--aggregate', 'count', '--out', 'counts'], says: /^Built / },
  ],
  plan: [{ args: ['--range', '1e100'], says: /numbers/ }],
  merge: [{ args: ['tables', '--layout', 'single', '--out', 'single'], says: /9,990 numbers/ }],
  sign: [
    { args: ['1234567'], says: /^1234567\t1667\n$/ },
    { args: ['--signature', './mine.ts', '15'], says: /^15\t1\n$/ },
  ],
  lookup: [{ args: ['1667', '--at', '0'], says: /^6967\n$/ }],
  find: [{ args: ['6967'], says: /1667/ }],
  verify: [{ args: ['tables', '--deep'], says: /every number is right/ }],
  'init-signature': [{ args: ['drafted.mjs'], says: /drafted\.mjs/ }],
  completion: [{ args: ['bash'], says: /sigtables/ }],
  doctor: [{ args: ['--json'], says: /"schema/ }],
  report: [{ args: ['tables'], says: /\.html/ }],
  worker: [{ args: [], says: /^$/, status: 2 }],
  status: [{ args: [], says: /^$/, status: 2 }],
  cancel: [{ args: [], says: /^$/, status: 2 }],
  dashboard: [{ args: [], says: /^$/, status: 2 }],
};

const PLUG_IN = `import { defineSignature } from 'sigtables';
export default defineSignature({ name: 'seven', version: '1', keyOf: (n: number) => n % 7 });
`;

async function listCommands(): Promise<string[]> {
  const { stdout } = await runCommand(['--help']);
  return [...stdout.matchAll(/^ {2}([a-z][\w-]*) .* {2}\w/gm)].map(([, name = '']) => name);
}

const names = await listCommands();
const runs = Object.entries(RUNS).filter(([name]) => names.includes(name));
let cwd = '';

beforeAll(async () => {
  cwd = await createFolder();
  await writeFile(join(cwd, 'mine.ts'), PLUG_IN);
  expect(await runCommand(['build', '--range', '1e4', '-q'], { cwd })).toMatchObject({ exitCode: 0 });
});

it('has a run for each command that the help lists', () => {
  expect(names.length).toBeGreaterThanOrEqual(16);
  expect(names.filter((name) => name !== 'help' && RUNS[name] === undefined)).toEqual([]);
});

it.each(runs.flatMap(([name, list]) => list.map((run) => ({ name, ...run }))))(
  '$name $args.0 …',
  async ({ name, args, says, status = 0 }) => {
    const { stdout, stderr, exitCode } = await runCommand([name, ...args], { cwd });
    expect({ exitCode, stderr: exitCode === status ? '' : stderr }).toEqual({ exitCode: status, stderr: '' });
    expect(stdout).toMatch(says);
  },
);
