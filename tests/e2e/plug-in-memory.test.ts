import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { COMMAND, createFolder, readNeutralEnvironment, runCommand } from './harness.js';

const MB = 2 ** 20;
/** What `--max-memory` of 600 MB allows, with what is loaded, and what a plug-in gets between two looks of a busy machine. */
const BUDGET = ['--max-memory', '600MB'];
const BUDGET_PEAK_BYTES = 1400 * MB;
const HEAP = 'const kept = []; for (;;) kept.push([n, { n }]);';
const BUFFERS = 'const kept = []; for (;;) kept.push(Buffer.alloc(1e6, 1));';
const FULL =
  /^sigtables: (?:the signature .* fills the memory|job \d+: its worker died .*memory).*--max-memory/m;

interface Ended {
  readonly exitCode: number | null;
  readonly stderr: string;
  /** The most resident memory that was seen, in bytes. */
  readonly peakBytes: number;
}

/** Runs the command, through `through` if given; looks at its memory from outside, and ends it where nothing else would. */
async function runWatched(
  args: readonly string[],
  cwd: string,
  through: readonly string[] = [],
): Promise<Ended> {
  const [program = '', ...rest] = [...through, process.execPath, COMMAND, ...args];
  const child = spawn(program, rest, {
    cwd,
    env: readNeutralEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  let peakBytes = 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, readPeakBytes(child.pid ?? 0));
    if (peakBytes > 2 * BUDGET_PEAK_BYTES) child.kill('SIGKILL');
  }, 20);
  try {
    const exitCode = await new Promise<number | null>((resolve) => {
      child.once('close', resolve);
    });
    return { exitCode, stderr, peakBytes };
  } finally {
    clearInterval(timer);
  }
}

function readPeakBytes(pid: number): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function writePlugIn(
  cwd: string,
  code: { top?: string; setup?: string; keyOf?: string },
): Promise<string> {
  const { top = '', setup = '', keyOf = 'return n % 7;' } = code;
  const definition = `{ name: 'greedy', version: '1', start: 0, setup: () => { const n = 1; ${setup} }, keyOf: (n) => { ${keyOf} } }`;
  await writeFile(join(cwd, 'greedy.mjs'), `const n = 1; ${top}\nexport default ${definition};\n`);
  return './greedy.mjs';
}

const RUN = ['--range', '40000', '--chunk', '1000', '--retries', '0', '--progress', 'none'];

describe('a plug-in that fills the memory', () => {
  test.each([
    ['the heap', 'keyOf', 2],
    ['the heap', 'keyOf', 8],
    ['buffers', 'keyOf', 2],
    ['buffers', 'keyOf', 8],
    ['buffers', 'setup', 2],
    ['buffers', 'top', 2],
    ['the heap', 'top', 2],
  ] as const)('by %s in %s ends the build with 7 (%i threads)', async (what, where, cpus) => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, { [where]: what === 'buffers' ? BUFFERS : HEAP });
    const args = ['build', '--signature', plugIn, ...RUN, ...BUDGET, '--cpus', String(cpus)];
    const { exitCode, stderr, peakBytes } = await runWatched(args, cwd);
    expect(stderr).toMatch(FULL);
    expect(exitCode).toBe(7);
    expect(peakBytes).toBeGreaterThan(200 * MB);
    expect(peakBytes).toBeLessThan(BUDGET_PEAK_BYTES);
  });

  it('says so in one line', async () => {
    const cwd = await createFolder();
    const plugIn = await writePlugIn(cwd, { top: BUFFERS });
    const { stderr } = await runWatched(['build', '--signature', plugIn, ...RUN, ...BUDGET], cwd);
    expect(stderr).toMatch(/^sigtables: the signature .*greedy\.mjs fills the memory: [^\n]*\n$/);
  });
});

it('what setup loads comes on top of --max-memory', async () => {
  const cwd = await createFolder();
  // Two threads with 300 MB each, where 600 MB and the slack are 878.
  const setup = 'return Buffer.alloc(300e6, 1);';
  const plugIn = await writePlugIn(cwd, {
    setup,
    keyOf: 'globalThis.kept ??= Buffer.alloc(130e6, 1); return n % 7;',
  });
  const args = ['build', '--signature', plugIn, ...RUN, ...BUDGET, '--cpus', '2', '--quiet'];
  expect(await runCommand(args, { cwd })).toMatchObject({ stderr: '', exitCode: 0 });
});

describe('in a cgroup', () => {
  const cgroup = makeCgroup(1200 * MB);
  afterAll(() => cgroup.remove());

  test.skipIf(!cgroup.through).each([
    ['build', 'heap', HEAP],
    ['build', 'buffers', BUFFERS],
    ['sign', 'heap', HEAP],
    ['sign', 'buffers', BUFFERS],
  ])(
    `${cgroup.reason}%s by a plug-in that fills the memory ends with 7 by default (%s)`,
    async (command, _, keyOf) => {
      const cwd = await createFolder();
      const signature = ['--signature', await writePlugIn(cwd, { keyOf })];
      const args =
        command === 'sign' ? ['sign', ...signature, '5'] : ['build', ...signature, ...RUN, '--cpus', '2'];
      const { exitCode, stderr } = await runWatched(args, cwd, cgroup.through);
      expect(stderr).toMatch(/memory/);
      expect(exitCode).toBe(7);
    },
  );
});

/** What runs a command in a cgroup of `bytes`; without `through`, and with the reason, where none can be made. */
function makeCgroup(bytes: number): {
  readonly through: readonly string[] | undefined;
  readonly reason: string;
  readonly remove: () => void;
} {
  const hierarchies = [
    { parent: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
    { parent: '/sys/fs/cgroup', limit: 'memory.max' },
  ];
  for (const { parent, limit } of hierarchies) {
    const folder = join(parent, `sigtables-plug-in-${process.pid}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    const remove = (): void => rmdirSync(folder);
    if (existsSync(join(folder, limit))) {
      writeFileSync(join(folder, limit), String(bytes));
      const enter = `echo $$ > ${join(folder, 'cgroup.procs')} && exec "$@"`;
      return { through: ['sh', '-c', enter, 'sh'], reason: '', remove };
    }
    remove();
  }
  return { through: undefined, reason: '(skipped: no cgroup can be made here) ', remove: () => undefined };
}
