import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './fault.js';
import { runCommand } from './harness/command.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import { expectSameTree, readTree } from './harness/tree.js';
import { runUndisturbed, type Work } from './harness/works.js';

const DEATHS = {
  exit: 'process.exit(3)',
  'uncaught error': "setImmediate(() => { throw new Error('uncaught'); }); Atomics.wait(never, 0, 0, 1)",
  'rejected promise': "void Promise.reject(new Error('rejected'))",
  'out of memory': 'for (const kept = []; ; ) kept.push({ n, kept: [n, n, n] })',
} as const;
const HOWS = Object.keys(DEATHS) as (keyof typeof DEATHS)[];
const RETRIED = 'job 4 is tried again: its worker died';
const LAYOUTS = ['signature', 'job', 'single'];

function plugIn(death: string): string {
  return `import { existsSync, rmSync } from 'node:fs';
const never = new Int32Array(new SharedArrayBuffer(4));
export default {
  name: 'dies', version: '1', start: 0,
  keyOf(n) {
    if (Number(n) === 12345 && existsSync('die')) {
      if (existsSync('once')) rmSync('die');
      ${death};
    }
    return Number(n) % 97;
  },
};\n`;
}

export const workerDeath: Fault = {
  name: 'worker-death',
  fault: 'a worker dies: exit, uncaught error, rejected promise, out of memory; once, or each time',
  must: '7, for a full heap after another try; what is done is kept, and the same command goes on once the cause is gone',
  counts: { short: 4, long: 40 },
  run: async (context, random) => {
    const how = HOWS[context.trial % HOWS.length] ?? 'exit';
    const isOnce = context.trial % (2 * HOWS.length) < HOWS.length;
    const layout = random.pick(LAYOUTS);
    const work: Work = {
      name: `dies-${how}-${layout}`,
      args: [
        ...[
          'build',
          '--signature',
          './plug-in.mjs',
          '--range',
          '60000',
          '--chunk',
          '3000',
          '--layout',
          layout,
        ],
        ...['--cpus', '2', '--max-memory', '200MB', '--out', 'tables', '--progress', 'none'],
      ],
      prepare: (cwd) => {
        writeFileSync(join(cwd, 'plug-in.mjs'), plugIn(DEATHS[how]));
        return Promise.resolve();
      },
    };
    const { tree } = await runUndisturbed(work, random);
    const cwd = context.folder;
    await work.prepare(cwd, random);
    writeFileSync(join(cwd, 'die'), '');
    if (isOnce) writeFileSync(join(cwd, 'once'), '');
    const first = await runCommand(work.args, { cwd });
    const retries = first.stderr.split('\n').filter((line) => line.includes(RETRIED)).length;
    // What a plug-in does outside of its answers is its failure, and no death: it is told at once.
    const isDeath = how === 'out of memory';
    expectStatus(first, [isDeath && isOnce ? 0 : 7], `${how} ${isOnce ? 'once' : 'each time'}`);
    expectTrue(retries === (isDeath ? 1 : 0), `tried again ${retries} times:\n${first.stderr}`);
    context.note(`${how} ${isOnce ? 'once' : 'each time'}`);
    if (first.status !== 0) {
      expectTrue(!existsSync(join(cwd, 'tables', 'manifest.json')), 'there is a manifest');
      rmSync(join(cwd, 'die'), { force: true });
      expectStatus(await runCommand(work.args, { cwd }), [0], `${how}, gone on with`);
    }
    expectSameTree(readTree(join(cwd, 'tables')), tree, work.name);
  },
};
