import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { validateRecord, type JournalRecord } from '../../src/build/journal-records.js';
import { Ledger } from '../../src/build/ledger.js';
import { SigtablesError } from '../../src/errors.js';
import { splitIntoJobs } from '../../src/range/jobs.js';
import { closedForm } from '../../src/signatures/closed-form.js';
import { readJournal } from '../../src/tables/journal.js';
import { isPlainFileName } from '../../src/tables/manifest-consistency.js';
import { parseManifestQuickly } from '../../src/tables/manifest-quick.js';
import { parseManifest } from '../../src/tables/manifest-schema.js';
import type { ManifestView } from '../../src/tables/manifest-view.js';
import type { Manifest } from '../../src/tables/manifest.js';
import { openTables, type Tables } from '../../src/tables/reader.js';
import type { Fault, FaultContext } from './fault.js';
import { runCommand } from './harness/command.js';
import { expectStatus, expectTrue } from './harness/expect.js';
import {
  encodeDocument,
  encodeRecord,
  readDocument,
  sealText,
  writeDocument,
  type Document,
} from './harness/hostile-manifest.js';
import { pickEvil, spoil } from './harness/hostile-sets.js';
import { SUITE } from './harness/suite.js';
import { Random } from './random.js';
import { openView } from '../tables/open-view.js';

const CASES_SHORT = 500;
const CASES_LONG = 10_000;
/** A case that takes longer is one that might never end. */
const CASE_MS = 5_000;

const SETS = {
  small: ['--range', '60', '--layout', 'signature'],
  large: ['--range', '3000', '--layout', 'signature'],
  job: ['--range', '2000', '--chunk', '250', '--layout', 'job'],
  single: ['--range', '2000', '--layout', 'single'],
  count: ['--range', '2000', '--layout', 'single', '--aggregate', 'count'],
} as const;

type SetName = keyof typeof SETS;

const RANGE_END = 2000n;

const TARGETS = {
  manifests: fuzzManifests,
  lines: fuzzLines,
  journals: fuzzJournals,
  tables: fuzzTables,
} as const;

type Target = keyof typeof TARGETS;

const TARGET_NAMES = Object.keys(TARGETS) as Target[];

export const fuzz: Fault = {
  name: 'fuzz',
  fault: 'random changes to manifests, to lines of large ones, to journals and to table files (fast-check)',
  must: 'refused as what they are, in bounded time; never a name that leads out, never a wrong number, no other error',
  counts: { short: TARGET_NAMES.length, long: 100 },
  isTimed: true,
  found:
    'nothing; the trial that failed was a mistake of the suite (it spoilt a record of which nothing was left), and passes since',
  run: async (context, random) => {
    const target = TARGET_NAMES[context.trial % TARGET_NAMES.length]!;
    await TARGETS[target](context, random);
    for (let i = context.isLong ? CASES_LONG : CASES_SHORT; i > 0; i -= 500) context.note(`500 ${target}`);
  },
};

/** A case is a seed: what it does to a file follows from that. */
async function forEachCase(
  context: FaultContext,
  random: Random,
  check: (random: Random) => Promise<void> | void,
): Promise<void> {
  const runCase = async (seed: number): Promise<void> => {
    const before = process.cpuUsage();
    await check(new Random(String(seed)));
    // The processor's time: that of a busy machine says nothing.
    const { user, system } = process.cpuUsage(before);
    const usedMs = (user + system) / 1000;
    expectTrue(usedMs < CASE_MS, `it took ${usedMs.toFixed(0)} ms`);
  };
  await fc.assert(fc.asyncProperty(fc.nat(), runCase), {
    numRuns: context.isLong ? CASES_LONG : CASES_SHORT,
    seed: random.between(0, 0x7fffffff),
    // The seed of a case says nothing by being small.
    endOnFailure: true,
  });
}

const made = new Map<SetName, Promise<string>>();

/** A sound table set. */
function makeSet(name: SetName): Promise<string> {
  const known = made.get(name) ?? runBuild(name);
  made.set(name, known);
  return known;
}

async function runBuild(name: SetName): Promise<string> {
  const cwd = join(SUITE.folder, `fuzzed-${name}`);
  mkdirSync(cwd);
  const args = ['build', ...SETS[name], '--out', 'tables', '--no-sync', '--progress', 'none'];
  expectStatus(await runCommand(args, { cwd }), [0], args.join(' '));
  return join(cwd, 'tables');
}

/** What reads a manifest by hand, and the schema that says what is wrong with one, are of one mind; and what they take is safe. */
async function fuzzManifests(context: FaultContext, random: Random): Promise<void> {
  const names: readonly SetName[] = ['small', 'job', 'count'];
  const documents = await Promise.all(names.map(async (name) => readDocument(await makeSet(name))));
  await forEachCase(context, random, (choose) => {
    const document = structuredClone(choose.pick(documents));
    for (let i = choose.between(1, 4); i > 0; i--) spoil(document, choose);
    const text = spoilText(sealText(encodeDocument(document)), choose);
    const quick = parseManifestQuickly(text);
    const thorough = parseManifest(text);
    const isOneMind =
      quick === undefined ? typeof thorough === 'string' : isDeepStrictEqual({ ...quick }, thorough);
    expectTrue(isOneMind, `${typeof thorough === 'string' ? thorough : 'taken'}: ${text.slice(0, 2000)}`);
    if (quick) expectSafe(quick);
  });
}

/** Sometimes changes the text, too. */
function spoilText(text: string, random: Random): string {
  if (random.isTrue(0.8)) return text;
  const at = random.between(0, text.length - 1);
  const cut = random.between(0, 3);
  return (
    text.slice(0, at) +
    random.pick(['', '"', '{', '}', '[', ',', '\\', '\n', '0', '\0']) +
    text.slice(at + cut)
  );
}

function expectSafe({ files, buckets, bucketList, range, chunk }: Manifest): void {
  const names = [...files.map(({ file }) => file), ...(bucketList ? [bucketList.file] : [])];
  for (const { file } of buckets) if (file !== undefined) names.push(file);
  const evil = names.find((name) => !isPlainFileName(name));
  expectTrue(evil === undefined, `it took the name ${evil ?? ''}`);
  expectTrue(range.start < range.end && chunk !== 0n, 'it took a range or jobs without numbers');
}

/** Of a large manifest single lines are read, whatever the others are. */
async function fuzzLines(context: FaultContext, random: Random): Promise<void> {
  const document = readDocument(await makeSet('large'));
  const keys = document.buckets.map(({ key }) => String(key));
  await forEachCase(context, random, async (choose) => {
    const key = choose.pick(keys);
    const lines = encodeDocument(document).split('\n');
    for (let i = choose.between(1, 3); i > 0; i--) spoilLines(lines, key, choose);
    writeFileSync(join(context.folder, 'manifest.json'), sealText(lines.join('\n')));
    await expectTables(async () => {
      const view = await openView(context.folder);
      askView(view, key);
      askView(view, '../outside/secret.json');
    });
  });
}

/** Changes the lines of a bucket and its file in ways that JSON takes. */
function spoilLines(lines: string[], key: string, random: Random): void {
  const named = random.isTrue() ? `{"key":"${key}",` : `{"file":"${key}.json",`;
  const at = lines.findIndex((line) => line.startsWith(named));
  const line = lines[at];
  if (line === undefined) return;
  const evil = random.pick([
    '"../outside/secret.json"',
    '"/etc/passwd"',
    '".."',
    '""',
    '1',
    'null',
    '[]',
    '{}',
  ]);
  const member = random.pick([
    'key',
    'file',
    'offset',
    'count',
    'bytes',
    'first',
    'last',
    'crc32',
    '__proto__',
  ]);
  lines[at] = random.pick([
    line.replace(new RegExp(`"${member}":"[^"]*"`), `"${member}":${evil}`),
    line.replace(named, `${named}"${member}":${evil},`),
    line.replace(/"\}/, `","${member}":${evil}}`),
    line.replace('"}', `","${member}":"${'9'.repeat(random.between(1, 400))}"}`),
    `{"file":${evil},${line.slice(1)}`,
    `${line}${line}`,
    line.slice(0, random.between(0, line.length)),
    '',
  ]);
  if (random.isTrue(0.3))
    lines.push(`{"file":"../outside/secret.json","file":"${key}.json","bytes":"5","crc32":"00000000"},`);
}

function askView(view: ManifestView, key: string): void {
  const bucket = view.bucketOf(key);
  const size = view.bytesOf(key);
  expectTrue(size === undefined || isPlainFileName(key), `it has ${key}`);
  if (!bucket) return;
  const { file = '', offset = 0n, bytes } = bucket;
  expectTrue(bucket.key === key && isPlainFileName(file), `${key} is said to be in ${file}`);
  const fileBytes = view.bytesOf(file);
  expectTrue(fileBytes !== undefined && offset + bytes <= fileBytes, `${key} is not in ${file}`);
}

/** Whatever is thrown is a SigtablesError, of a table set that is damaged. */
async function expectTables(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof SigtablesError && ['TABLES', 'IO'].includes(error.code))) throw error;
  }
}

const HEADER = {
  type: 'header',
  format: 1,
  writer: '0.1.0',
  plan: {
    ...{ signature: 'reduced', signatureVersion: '1', start: '10', end: '3000' },
    ...{ layout: 'single', chunk: '300', nameDigits: 4 },
  },
  planHash: 'x',
  partitions: 3,
};

const RECORDS: readonly unknown[] = [
  HEADER,
  {
    type: 'checkpoint',
    jobs: [
      [0, 2],
      [4, 5],
    ],
    firstFile: 0,
    crcs: 'AAAAAA==',
    bytes: [5, 6, 7],
  },
  { type: 'files', names: ['a.json', 'b.json'] },
  { type: 'discard', jobs: [[0, 2]] },
];

/** What is read of a journal, anybody may have written: it is bounded, and it names no file elsewhere. */
async function fuzzJournals(context: FaultContext, random: Random): Promise<void> {
  const path = join(context.folder, 'journal');
  await forEachCase(context, random, async (choose) => {
    const records = structuredClone(RECORDS) as Record<string, unknown>[];
    for (let i = choose.between(1, 3); i > 0; i--) spoilRecord(choose.pick(records), choose);
    const text = records.map(encodeRecord).join('');
    writeFileSync(path, choose.isTrue(0.2) ? spoilText(text, choose) : text);
    const jobs = splitIntoJobs({ start: 10n, end: 3000n }, 300n);
    const ledger = new Ledger({ jobs, fileCount: 1, ownsFiles: false });
    await readJournal(path, (value) => apply(ledger, validateRecord(value)), expectBounded);
  });
}

/** As a resumed build does: what throws is no record. */
function apply(ledger: Ledger, record: JournalRecord): JournalRecord {
  if (record.type === 'checkpoint') ledger.restore(record);
  if (record.type === 'discard')
    for (const [from, to] of record.jobs) for (let job = from; job < to; job++) ledger.forget(job);
  return record;
}

function expectBounded(record: JournalRecord): void {
  if (record.type === 'files')
    expectTrue(record.names.every(isPlainFileName), `it took ${record.names.join()}`);
  if (record.type !== 'header') return;
  const { plan, partitions = 1 } = record;
  expectTrue(partitions <= 65_536 && plan.nameDigits <= 300, 'it took a plan without bounds');
  expectTrue(plan.end.length <= 300 && BigInt(plan.chunk) > 0n, 'it took a plan without bounds');
}

const EVIL_JOBS: readonly unknown[] = [
  [],
  [[0]],
  [[0, 1e18]],
  [[-5, 3]],
  [['0', '5']],
  [[0.5, 3]],
  [[5, 1]],
  'x',
  {},
];

function spoilRecord(record: Record<string, unknown>, random: Random): void {
  if (random.isTrue(0.3)) record['jobs'] = pickEvil(EVIL_JOBS, random);
  else if (random.isTrue(0.2))
    record['names'] = random.pick([['../x'], ['/etc/passwd'], [5], 'x', [null], ['']]);
  else spoil(record, random);
}

/** A table that was changed is refused, or the answer is right all the same. */
async function fuzzTables(context: FaultContext, random: Random): Promise<void> {
  const names: readonly SetName[] = ['job', 'single', 'count'];
  const truth = closedForm(RANGE_END);
  await forEachCase(context, random, async (choose) => {
    const name = choose.pick(names);
    const folder = join(context.folder, name);
    cpSync(await makeSet(name), folder, { recursive: true });
    const document = readDocument(folder);
    for (let i = choose.between(1, 3); i > 0; i--) spoilTable(folder, document, choose);
    const isForeign = name !== 'count' && choose.isTrue(0.3);
    if (isForeign) document['signature'] = { name: 'mine', version: '1', fileHash: 'x' };
    writeDocument(folder, document);
    const key = choose.pick(['0211', '0667', '1667', String(document.buckets[0]?.['key']), 'none']);
    await expectTables(async () => {
      const tables = await openTables(folder);
      try {
        if (name === 'count') tables.valueText(key);
        else await ask(tables, key, isForeign ? undefined : truth, choose);
      } finally {
        tables.close();
      }
    });
  });
}

/** Changes bytes of a table file; its manifest may say that they are right. */
function spoilTable(folder: string, document: Document, random: Random): void {
  const entry = random.pick(document.files);
  const path = join(folder, String(entry['file']));
  const bytes = readFileSync(path);
  const at = random.between(0, bytes.length - 1);
  const more = Buffer.from(
    random.pick(['', '0', '1', ',', '[', ']', '"', '}', '{', ' ', '99', '[[[[', '\0', '"0211":[']),
  );
  const changed = Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at + random.between(0, 3))]);
  writeFileSync(path, changed);
  if (random.isTrue(0.1)) return;
  const grown = changed.length - bytes.length;
  entry['bytes'] = String(changed.length);
  document['bytes'] = String(BigInt(String(document['bytes'])) + BigInt(grown));
}

async function ask(
  tables: Tables,
  key: string,
  truth: ReturnType<typeof closedForm> | undefined,
  random: Random,
): Promise<void> {
  const index = random.between(0, 30);
  const found = tables.at(key, index);
  const n = random.between(10, Number(RANGE_END) - 1);
  const indexOf = tables.indexOf(n);
  const from = random.between(0, 20);
  const members: unknown[] = [];
  for await (const member of tables.members(key, { from, limit: 5 })) members.push(member);
  if (!truth) return;
  const expected = [...truth.members(key, { from, limit: 5 })];
  expectTrue(found === truth.at(key, index), `${key} at ${index} is ${found ?? 'nothing'}`);
  expectTrue(indexOf === truth.indexOf(n), `the index of ${n} is ${indexOf ?? 'none'}`);
  expectTrue(
    isDeepStrictEqual(members, expected),
    `${key} from ${from}: ${members.join()}, not ${expected.join()}`,
  );
}
