import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './fault.js';
import { runCommand } from './harness/command.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import { interrupt } from './harness/interrupt.js';
import { expectSameTree, readTree } from './harness/tree.js';
import { BUILDS, damageFile, MERGES, PLUG_IN_BUILDS, prepareWork, runUndisturbed } from './harness/works.js';

/** What holds no data, or is damaged by another test. */
const NO_DATA = /^(?:manifest\.json|journal|lock.*)$|^\./;

export const changedData: Fault = {
  name: 'changed-data',
  fault: 'data files shortened, changed or removed between two runs of an interrupted build',
  must: 'noticed, and what they held is done again: the same bytes',
  counts: { short: 4, long: 100 },
  found:
    'A file that was changed and kept its size went unnoticed: its table set was wrong, though verify said so. Now what is done is read back and summed up (src/build/lost-files.ts).',
  run: async (context, random) => {
    const work = random.pick([...BUILDS, ...BUILDS, ...PLUG_IN_BUILDS, ...MERGES]);
    const { tree } = await runUndisturbed(work, random);
    const cwd = context.folder;
    await prepareWork(work, cwd, random);
    if (!(await interrupt(work, random, { cwd, isEager: true }))) {
      context.note('too late');
      return;
    }
    if (existsSync(join(cwd, 'tables', 'manifest.json'))) {
      context.note('complete before'); // what is damaged behind the manifest is for verify to find
      return;
    }
    const files = listData(join(cwd, 'tables'));
    if (files.length === 0) {
      context.note('no data yet');
      return;
    }
    const damages = random.between(1, 3);
    for (let i = damages; i > 0; i--) damageFile(random.pick(files), random);
    let result = await runCommand(work.args, { cwd, isEager: true });
    if (result.status === 0)
      context.note(result.stderr.includes('done again') ? 'noticed' : 'of no use any more');
    // Damage in the spool shows when it is read, at the end, a file at a time: the run after that does its job again.
    for (let runs = 1; result.status !== 0; runs++) {
      expectStatus(result, runs > damages ? [0] : [6], `${work.name}, with changed files, run ${runs}`);
      expectTrue(result.stderr.includes('is damaged'), result.stderr);
      if (runs === 1) context.note('noticed at the end');
      result = await runCommand(work.args, { cwd, isEager: true });
    }
    expectSameTree(readTree(join(cwd, 'tables')), tree, work.name);
  },
};

function listData(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !NO_DATA.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
