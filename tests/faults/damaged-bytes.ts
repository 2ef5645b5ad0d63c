import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { validateRecord, type JournalRecord } from '../../src/build/journal-records.js';
import { SigtablesError } from '../../src/errors.js';
import { readJournal } from '../../src/tables/journal.js';
import { readManifest } from '../../src/tables/manifest.js';
import type { Fault, FaultContext } from './fault.js';
import { runCommand } from './harness/command.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import { ERRNO } from './harness/failing-calls.js';
import { withShim } from './harness/shim.js';
import { lastingFolder, SMALL_BUILDS, SMALL_WORKS } from './harness/small-works.js';
import { expectSameTree, readTree } from './harness/tree.js';
import { prepareWork, runUndisturbed, type Work } from './harness/works.js';
import type { Random } from './random.js';

const JOURNAL = join('tables', '.build', 'journal');
const MANIFEST = join('tables', 'manifest.json');
/** In a short run only some bytes are looked at, other ones in each trial. */
const SHORT_STEP = 23;

/** What runs with the damage of all trials of a kind behind it. */
const UNFINISHED = SMALL_WORKS.filter(({ args, name }) => args[0] !== 'verify' && name !== 'small-count');

/** Text that is cut at a length, or has a byte with other bits. */
function damage(bytes: Buffer, at: number, random: Random): { damaged: Buffer; how: string } {
  if (random.isTrue()) return { damaged: bytes.subarray(0, at), how: `cut at ${at} of ${bytes.length}` };
  const damaged = Buffer.from(bytes);
  const flipped = random.between(1, 255);
  damaged[at] = damaged[at]! ^ flipped;
  return { damaged, how: `byte ${at} of ${bytes.length} changed by ${flipped}` };
}

/** Each damage of `bytes` in turn: cut at every length, every bit of every byte flipped. */
function* listDamages(
  bytes: Buffer,
  { trial, isLong }: FaultContext,
): Generator<{ damaged: Buffer; how: string }> {
  const step = isLong ? 1 : SHORT_STEP;
  for (let at = trial % step; at < bytes.length; at += step) {
    yield { damaged: bytes.subarray(0, at), how: `cut at ${at}` };
    for (let bit = 0; bit < 8; bit++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = damaged[at]! ^ (1 << bit);
      yield { damaged, how: `bit ${bit} of byte ${at} flipped` };
    }
  }
}

const unfinished = new Map<string, Promise<string>>();

/** A folder in which all of a work is done but the manifest's name, so that its journal is whole. */
function leaveUnfinished(work: Work, random: Random): Promise<string> {
  const known = unfinished.get(work.name) ?? runUnfinished(work, random);
  unfinished.set(work.name, known);
  return known;
}

async function runUnfinished(work: Work, random: Random): Promise<string> {
  const cwd = lastingFolder(`unfinished-${work.name}`);
  mkdirSync(cwd);
  await prepareWork(work, cwd, random);
  for (let at = 1; at < 10; at++) {
    const env = await withShim({
      ...{ SHIM_FOLDER: join(cwd, 'tables'), SHIM_KIND: 'rename', SHIM_AT: String(at), SHIM_STICKY: '1' },
      SHIM_ERRNO: String(ERRNO.EIO),
    });
    const result = await runCommand(work.args, { cwd, env, isEager: true });
    const journal = readIfThere(join(cwd, JOURNAL));
    if (result.status === 6 && journal.includes('"checkpoint"')) return cwd;
  }
  throw new Error(`${work.name} could not be left unfinished`);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

async function readRecords(path: string): Promise<{ records: JournalRecord[]; isWhole: boolean }> {
  const records: JournalRecord[] = [];
  const { tailDiscarded } = await readJournal(path, validateRecord, (record) => records.push(record));
  return { records, isWhole: !tailDiscarded };
}

export const damagedJournal: Fault = {
  name: 'damaged-journal',
  fault:
    'the journal of a build, a plug-in build or a merge cut at every length, and every bit flipped in turn',
  must: 'the good records before are kept, the rest is done again; or 2 or 3 with what to do; never a wrong table',
  counts: { short: UNFINISHED.length, long: 40 * UNFINISHED.length },
  run: async (context, random) => {
    const work = UNFINISHED[context.trial % UNFINISHED.length]!;
    const base = await leaveUnfinished(work, random);
    const journal = readFileSync(join(base, JOURNAL));
    if (context.trial < UNFINISHED.length) await readEachJournal(journal, base, context);
    await goOnWith(work, base, journal, context, random);
  },
};

/** Reads the journal with each damage: what comes out is what was written, up to the damage. */
async function readEachJournal(journal: Buffer, base: string, context: FaultContext): Promise<void> {
  const { records } = await readRecords(join(base, JOURNAL));
  const path = join(context.folder, 'journal');
  let read = 0;
  for (const { damaged, how } of listDamages(journal, context)) {
    writeFileSync(path, damaged);
    const found = await readRecords(path);
    const isPrefix = isDeepStrictEqual(found.records, records.slice(0, found.records.length));
    expectTrue(isPrefix, `${how}: other records than were written`);
    const isShorter = found.records.length < records.length;
    expectTrue(isShorter, `${how}: it was not noticed`);
    read += 1;
  }
  for (let i = 0; i < read; i += 1000) context.note('thousand journals read, begun');
}

/** The same command on the damaged journal ends with the right bytes, or says what to do and changes nothing. */
async function goOnWith(
  work: Work,
  base: string,
  journal: Buffer,
  context: FaultContext,
  random: Random,
): Promise<void> {
  const { tree } = await runUndisturbed(work, random);
  const cwd = join(context.folder, 'work');
  cpSync(base, cwd, { recursive: true });
  const { damaged, how } = damage(journal, random.between(0, journal.length - 1), random);
  writeFileSync(join(cwd, JOURNAL), damaged);
  const before = readTree(join(cwd, 'tables'));
  const result = await runCommand(work.args, { cwd });
  const what = `${work.name}, journal ${how}`;
  expectStatus(result, [0, 2, 3], what);
  context.note(result.status === 0 ? 'gone on' : 'refused');
  const found = readTree(join(cwd, 'tables'));
  if (result.status === 0) {
    expectSameTree(found, tree, what);
    return;
  }
  expectSameTree(found, before, `${what}, refused`);
  expectTrue(/move it away|another folder|--force/.test(result.stderr), `${what}: ${result.stderr}`);
}

/** What reads a table set, and what may come of it when the manifest is damaged. */
const READERS: readonly (readonly string[])[] = [
  ['lookup', '0211', '--tables', 'tables'],
  ['find', '21', '--tables', 'tables'],
  ['verify', 'tables', '--progress', 'none'],
  ['verify', 'tables', '--repair', '--progress', 'none'],
  ['merge', 'tables', '--out', 'merged', '--progress', 'none'],
];

export const damagedManifest: Fault = {
  name: 'damaged-manifest',
  fault: 'the manifest cut at every length, and every bit flipped in turn',
  must: '3 with what to do (a build 2, since --force is needed to replace it); with --force the right bytes',
  counts: { short: SMALL_BUILDS.length, long: 20 * SMALL_BUILDS.length },
  run: async (context, random) => {
    const work = SMALL_BUILDS[context.trial % SMALL_BUILDS.length]!;
    const { tree } = await runUndisturbed(work, random);
    const cwd = context.folder;
    await prepareWork(work, cwd, random);
    expectStatus(await runCommand(work.args, { cwd }), [0], work.name);
    const manifest = readFileSync(join(cwd, MANIFEST));
    if (context.trial < SMALL_BUILDS.length) await readEachManifest(manifest, context);
    const { damaged, how } = damage(manifest, random.between(0, manifest.length - 1), random);
    writeFileSync(join(cwd, MANIFEST), damaged);
    const before = readTree(join(cwd, 'tables'));
    const reader = random.pick(READERS);
    const what = `${work.name}, manifest ${how}`;
    expectStatus(await runCommand(reader, { cwd }), [3], `${reader.join(' ')}: ${what}`);
    const refused = await runCommand(work.args, { cwd });
    expectStatus(refused, [2], what);
    expectTrue(/--force|move it away/.test(refused.stderr), `${what}: ${refused.stderr}`);
    expectSameTree(readTree(join(cwd, 'tables')), before, `${what}, refused`);
    await replace(work, cwd, what, tree, context);
  },
};

/** With `--force` it is replaced; where it cannot be told that the tables are sigtables' own, the user is to move them. */
async function replace(
  work: Work,
  cwd: string,
  what: string,
  tree: ReturnType<typeof readTree>,
  context: FaultContext,
): Promise<void> {
  const forced = await runCommand([...work.args, '--force'], { cwd });
  expectStatus(forced, [0, 2], `${what}, with --force`);
  context.note(forced.status === 0 ? 'replaced' : 'to be moved away');
  if (forced.status === 0) expectSameTree(readTree(join(cwd, 'tables')), tree, what);
  else expectTrue(forced.stderr.includes('move it away'), `${what}: ${forced.stderr}`);
}

async function readEachManifest(manifest: Buffer, context: FaultContext): Promise<void> {
  const folder = join(context.folder, 'read');
  mkdirSync(folder);
  let read = 0;
  for (const { damaged, how } of listDamages(manifest, context)) {
    writeFileSync(join(folder, 'manifest.json'), damaged);
    const error = await readManifest(folder).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const isRefused = error instanceof SigtablesError && error.code === 'TABLES';
    expectTrue(isRefused, `${how}: ${error instanceof Error ? error.message : 'it was not noticed'}`);
    read += 1;
  }
  for (let i = 0; i < read; i += 1000) context.note('thousand manifests read, begun');
}
