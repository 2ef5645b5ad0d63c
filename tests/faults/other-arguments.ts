import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Fault } from './fault.js';
import { runCommand } from './harness/command.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import { interrupt } from './harness/interrupt.js';
import { expectSameTree, readTree, type Tree } from './harness/tree.js';
import { BUILDS, MERGES, PLUG_IN_BUILDS, prepareWork, runUndisturbed, type Work } from './harness/works.js';

const REST = ['--out', 'tables', '--progress', 'none'];
const PLUG_IN = ['build', '--signature', './plug-in.mjs', ...REST];

/** Commands that are not the one that was interrupted. */
const OTHERS: readonly (readonly string[])[] = [
  ['build', '--range', '999', ...REST],
  ['build', '--range', '11..1e6', '--chunk', '25000', '--layout', 'job', ...REST],
  ['build', '--range', '1e6', '--chunk', '25000', '--layout', 'single', ...REST],
  ['build', '--range', '1e6', '--chunk', '5000', '--layout', 'job', ...REST],
  ['build', '--range', '1e6', '--shard', '1/2', ...REST],
  ['build', '--range', '6e4', '--aggregate', 'sum', ...REST],
  [...PLUG_IN, '--range', '60000', '--chunk', '2999', '--layout', 'single'],
  [...PLUG_IN, '--range', '60000', '--chunk', '3000', '--layout', 'single', '--aggregate', 'max'],
  ['merge', 'part-1', 'part-2', 'part-3', '--layout', 'single', '--chunk', '777', ...REST],
];

export const otherArguments: Fault = {
  name: 'other-arguments',
  fault:
    'an interrupted build gone on with by other arguments, another plug-in, or another version of sigtables',
  must: '2, and the folder is untouched; with the right ones it goes on',
  counts: { short: 4, long: 30 },
  run: async (context, random) => {
    const work = random.pick([
      ...BUILDS.filter(({ name }) => name !== 'build-count'),
      ...PLUG_IN_BUILDS,
      ...MERGES,
    ]);
    const { tree } = await runUndisturbed(work, random);
    const cwd = context.folder;
    await prepareWork(work, cwd, random);
    if (!work.name.startsWith('plug-in')) await prepareWork(PLUG_IN_BUILDS[0]!, cwd, random);
    const journal = join(cwd, 'tables', '.build', 'journal');
    const wasInterrupted = await interrupt(work, random, { cwd, isEager: true });
    if (!wasInterrupted || !existsSync(journal) || readFileSync(journal).length === 0) {
      context.note('no journal');
      return;
    }
    const before = readTree(join(cwd, 'tables'));
    const how = random.pick(['arguments', 'version', 'plug-in']);
    const undo =
      how === 'version' ? changeVersion(journal) : how === 'plug-in' ? changePlugIn(cwd) : undefined;
    const isOther = how === 'arguments' || (how === 'plug-in' && !work.name.startsWith('plug-in'));
    const changed = how === 'version' ? readTree(join(cwd, 'tables')) : before;
    const args = isOther ? chooseOther(work, cwd, random.pick(OTHERS)) : withoutForce(work.args);
    const result = await runCommand(args, { cwd });
    expectStatus(result, [2], `${work.name}, then ${args.join(' ')}`);
    expectTrue(result.stderr.trimEnd().split('\n').length === 1, `not one line: ${result.stderr}`);
    expectSameTree(withoutLock(readTree(join(cwd, 'tables'))), withoutLock(changed), 'what was refused');
    undo?.();
    expectStatus(await runCommand(work.args, { cwd, isEager: true }), [0], `${work.name}, gone on with`);
    expectSameTree(readTree(join(cwd, 'tables')), tree, work.name);
    context.note(`other ${how}`);
  },
};

/** A merge needs its parts: where there are none, another range does. */
function chooseOther({ args }: Work, cwd: string, other: readonly string[]): readonly string[] {
  if (other[0] === 'merge' && !existsSync(join(cwd, 'part-1')))
    return ['build', '--range', '12..3456', ...REST];
  return other.join() === args.join() ? ['build', '--range', '12..3456', ...REST] : other;
}

function withoutForce(args: readonly string[]): readonly string[] {
  return args.filter((arg) => arg !== '--force');
}

/** Makes the journal that of another version; gives what puts it back. */
function changeVersion(journal: string): () => void {
  const bytes = readFileSync(journal);
  const end = bytes.indexOf('\n');
  const header = JSON.parse(bytes.toString('utf8', 9, end)) as object;
  const json = JSON.stringify({ ...header, writer: '99.0.0' });
  const line = `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
  writeFileSync(journal, Buffer.concat([Buffer.from(line), bytes.subarray(end + 1)]));
  return () => writeFileSync(journal, bytes);
}

function changePlugIn(cwd: string): () => void {
  const path = join(cwd, 'plug-in.mjs');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, `${text}// changed\n`);
  return () => writeFileSync(path, text);
}

/** What is refused takes the lock of the killed build over, and gives it back. */
function withoutLock(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([name]) => name !== join('.build', 'lock')));
}
