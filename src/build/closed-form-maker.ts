import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildTooManyDigits, tooManySignatureFiles } from '../errors.js';
import { WRITE_PLAIN } from '../files/plain-file.js';
import { KeyFileNames } from '../layouts/key-file-names.js';
import { countDigits, SINGLE_FILE } from '../layouts/layout.js';
import { MAX_PLACED_DIGITS, MAX_SIGNATURE_FILES } from '../limits.js';
import { HeldFiles } from '../pool/held-files.js';
import { listClosedValues } from '../signatures/closed-values.js';
import type { ClosedForm } from '../signatures/signature.js';
import { crc32 } from '../tables/crc32.js';
import type { ManifestBucket, ManifestFile } from '../tables/manifest.js';
import { writeFully } from '../tables/write-fully.js';
import { openJournal } from '../tables/journal.js';
import { commitManifest } from './commit.js';
import { journalPath } from './build-journal.js';
import type { HeaderRecord } from './journal-records.js';
import type { PlanFacts, RunOptions, SizedPlan } from './options.js';
import { identifyPlan, type PlacedSignature } from './plan.js';
import type { Made, TableMaker } from './table-maker.js';
import { TableSyncer } from './table-syncer.js';

/** A bucket, its value as JSON text, and what the manifest says of it but its place. */
interface Valued extends Pick<ManifestBucket, 'key' | 'count' | 'first' | 'last'> {
  readonly value: string;
}

/** A table file's content. */
interface TableText {
  readonly file: string;
  readonly text: string;
}

/** What the closed form makes of a plan. */
interface ClosedTables {
  readonly plan: SizedPlan;
  readonly buckets: readonly Valued[];
  readonly tables: readonly TableText[];
}

/** The table sets whose values are put together, where the tables are those of a merge. */
export interface CheckedOrigin {
  /** See `identifyPlan`. */
  readonly digest: string;
  /** Sees that they are what their manifests say. Throws TABLES for one that is not, and what the system throws. */
  check(): Promise<void>;
}

/** Tables of counts, sums or bounds, straight from the closed form: in no time, at any size of the range. */
export function makeFromClosedForm(
  options: RunOptions,
  signature: PlacedSignature,
  unsized: PlanFacts,
  origin?: CheckedOrigin,
): TableMaker {
  const digits = countDigits(unsized.range.end);
  if (digits > MAX_PLACED_DIGITS) throw buildTooManyDigits(digits, MAX_PLACED_DIGITS);
  const { plan, buckets, tables } = listClosedTables(signature, unsized);
  if (plan.layout === 'signature' && buckets.length > MAX_SIGNATURE_FILES)
    throw tooManySignatureFiles(buckets.length, MAX_SIGNATURE_FILES);
  const { start, end } = plan.range;
  return {
    plan,
    identity: identifyPlan(plan, origin?.digest),
    purpose: origin
      ? `merge into ${start}..${end}`
      : `build --range ${start}..${end} --aggregate ${plan.aggregate}`,
    listNames: () => tables.map(({ file }) => file),
    make: async (header) => {
      await origin?.check();
      return make(options, plan, buckets, tables, header);
    },
  };
}

/** The plan with all its sizes, which are known before anything is written, so that a full disk is refused with what it lacks. */
export function sizeClosedPlan(signature: PlacedSignature, unsized: PlanFacts): SizedPlan {
  return listClosedTables(signature, unsized).plan;
}

function listClosedTables({ closedForm }: PlacedSignature, unsized: PlanFacts): ClosedTables {
  const buckets = listValues(closedForm, unsized);
  const tables = listTables(unsized, buckets);
  return { plan: { ...unsized, ...measure(buckets, tables) }, buckets, tables };
}

/** In the order of their first numbers. */
function listValues(form: ClosedForm, { range, aggregate }: PlanFacts): Valued[] {
  return Array.from(listClosedValues(form, aggregate, range), (bucket) => ({
    ...bucket,
    value: String(bucket.value),
  }));
}

function listTables({ layout }: PlanFacts, buckets: readonly Valued[]): TableText[] {
  const entries = buckets.map(({ key, value }) => `${JSON.stringify(key)}:${value}`);
  if (layout === 'single') return [{ file: SINGLE_FILE, text: `{${entries.join(',')}}` }];
  const names = new KeyFileNames();
  return buckets.map(({ key }, index) => ({ file: names.nameOf(key), text: `{${entries[index] ?? ''}}` }));
}

function measure(
  buckets: readonly Valued[],
  tables: readonly TableText[],
): Pick<SizedPlan, 'signatures' | 'files' | 'bytes'> {
  const bytes = tables.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  return { signatures: BigInt(buckets.length), files: BigInt(tables.length), bytes: BigInt(bytes) };
}

/** It is over too soon to be stopped or resumed: a journal only says whose the files are. */
async function make(
  { out, cpus, sync, onEvent = () => undefined }: RunOptions,
  plan: SizedPlan,
  buckets: readonly Valued[],
  tables: readonly TableText[],
  header: HeaderRecord,
): Promise<Made> {
  const journal = await openJournal(journalPath(out), { goodBytes: 0, sync });
  try {
    await journal.append(header);
    await journal.append({ type: 'files', names: tables.map(({ file }) => file) });
  } finally {
    await journal.close();
  }
  onEvent({ type: 'started', plan, out, cpus, jobsDone: 0, numbersDone: 0n, bytesDone: 0n });
  const files = tables.map(({ file, text }) => writeTable(join(out, file), file, text));
  const { bytes } = plan;
  onEvent({ type: 'job-done', job: 0, jobsDone: 1, numbersDone: plan.numbers, bytesDone: bytes });
  onEvent({ type: 'committing' });
  if (sync) {
    const named = { ownsFiles: false, fileName: (file: number) => files[file]?.file ?? '' };
    const syncer = new TableSyncer(resolve(out), named, new HeldFiles(files.length, 0));
    await syncer.sync(0, files.length, () => true);
  }
  const { signature, aggregate, range, layout, numbers: count } = plan;
  const head = { signature, aggregate, range, layout, count, bytes };
  const parts = { ...head, files, buckets: listPlaces(plan, buckets, tables) };
  await commitManifest(out, plan, parts, sync);
  return { outcome: 'built', plan, numbersWritten: plan.numbers, bytesWritten: bytes };
}

function writeTable(path: string, file: string, text: string): ManifestFile {
  const bytes = Buffer.from(text);
  const fd = openSync(path, WRITE_PLAIN, 0o666);
  try {
    writeFully(fd, bytes, 0);
  } finally {
    closeSync(fd);
  }
  return { file, bytes: BigInt(bytes.length), crc32: crc32(bytes) };
}

function* listPlaces(
  { layout }: PlanFacts,
  buckets: readonly Valued[],
  tables: readonly TableText[],
): Generator<ManifestBucket> {
  let start = 0;
  for (const [index, { value, ...bucket }] of buckets.entries()) {
    // A brace or a comma, the key in quotes, a colon.
    const offset = start + 1 + Buffer.byteLength(JSON.stringify(bucket.key)) + 1;
    const file = tables[layout === 'single' ? 0 : index]?.file ?? '';
    yield { ...bucket, file, offset: BigInt(offset), bytes: BigInt(value.length) };
    if (layout === 'single') start = offset + value.length;
  }
}
