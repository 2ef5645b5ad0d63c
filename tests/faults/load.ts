import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './fault.js';
import { startCommand } from './harness/command.js';
import { expectStatus } from './harness/expect.js';
import { expectSameTree, readTree } from './harness/tree.js';
import { BUILDS, MERGES, PLUG_IN_BUILDS, prepareWork, runUndisturbed } from './harness/works.js';

const BUILDS_AT_ONCE = 8;

export const eightBuilds: Fault = {
  name: 'eight-builds',
  fault: 'eight builds and merges at once in eight folders, with --cpus 8 each',
  must: 'all end right',
  counts: { short: 1, long: 20 },
  isTimed: true,
  run: async (context, random) => {
    const works = [...BUILDS, ...MERGES, ...PLUG_IN_BUILDS];
    const chosen = Array.from({ length: BUILDS_AT_ONCE }, () => random.pick(works));
    const folders: string[] = [];
    for (const [i, work] of chosen.entries()) {
      const cwd = join(context.folder, String(i));
      mkdirSync(cwd);
      await runUndisturbed(work, random);
      await prepareWork(work, cwd, random);
      folders.push(cwd);
    }
    const running = chosen.map(({ args }, i) => {
      const cwd = folders[i] ?? '';
      return startCommand(withCpus(args, BUILDS_AT_ONCE), { cwd });
    });
    for (const [i, { ended }] of running.entries()) {
      const work = chosen[i]!;
      expectStatus(await ended, [0], work.name);
      const { tree } = await runUndisturbed(work, random);
      expectSameTree(readTree(join(folders[i] ?? '', 'tables')), tree, work.name);
    }
  },
};

/** The arguments with another number of threads. */
function withCpus(args: readonly string[], cpus: number): readonly string[] {
  const at = args.indexOf('--cpus');
  return at < 0 ? [...args, '--cpus', String(cpus)] : args.with(at + 1, String(cpus));
}
