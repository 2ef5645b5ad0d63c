import { formatBytes, formatCount } from '../format.js';
import { SigtablesError } from '../errors.js';
import { REPORT_VALUES } from '../limits.js';
import { findSignature } from '../signatures/registry.js';
import type { JsonValue } from '../tables/exact-json.js';
import { countBuckets, type Manifest } from '../tables/manifest.js';
import type { Tables } from '../tables/reader.js';
import { chartKeys } from './key-chart.js';
import { formatLongNumber } from './long-number.js';
import type { ListedBucket, Measure, ReportChart, ReportContent } from './report-data.js';
import { toShownText } from './shown-text.js';
import { chartSteps } from './steps-chart.js';
import { surveyBuckets, type SizedBucket, type Survey } from './survey.js';

/**
 * What a report says of a table set: what its manifest knows of the buckets, and their values where it holds some and they
 * are few enough to be read one by one. Throws what reading throws: TABLES where the set is damaged.
 */
export function collectReport(tables: Tables): ReportContent {
  const { manifest } = tables;
  const buckets = openBuckets(tables);
  const measure = chooseMeasure(buckets());
  const amountOf = (bucket: SizedBucket): number | bigint =>
    measure === 'value' ? (bucket.value as number | bigint) : bucket.count;
  const survey = surveyBuckets(buckets(), amountOf);
  const steps = isReduced(manifest) ? chartSteps(buckets()) : undefined;
  return {
    data: {
      range: { start: String(manifest.range.start), end: String(manifest.range.end) },
      numbers: String(manifest.count),
      chart: steps ?? chartKeys(survey, buckets, amountOf, measure),
    },
    facts: listFacts(manifest, survey.buckets),
    heading: `${formatCount(manifest.count)} numbers in ${formatCount(survey.buckets)} buckets`,
    introduction: introduce(manifest, steps),
    measure,
    ...listExtremes(survey),
  };
}

/**
 * The buckets, any number of times: from the disk each time where they are many, with their values where those are few. Those of
 * a sharded set are put together once.
 */
function openBuckets(tables: Tables): () => Iterable<SizedBucket> {
  const { manifest } = tables;
  const list = manifest.shards && [...tables.buckets()];
  const count = list ? BigInt(list.length) : countBuckets(manifest);
  const open = list ? () => list : () => tables.buckets();
  if (!hasValues(manifest) || count > REPORT_VALUES) return open;
  const valued = readValues(tables, open());
  return valued ? () => valued : open;
}

function hasValues({ aggregate, layout }: Manifest): boolean {
  return aggregate !== undefined && aggregate !== 'count' && layout !== 'job';
}

/** The buckets with their values; nothing where those of several shards do not make one. */
function readValues(tables: Tables, buckets: Iterable<SizedBucket>): SizedBucket[] | undefined {
  try {
    return Array.from(buckets, ({ key, count, first, last }): SizedBucket => {
      const value = tables.value(key);
      return { key, count, first, last, ...(value !== undefined && { value }) };
    });
  } catch (error) {
    if (error instanceof SigtablesError && error.code === 'USAGE') return undefined;
    throw error;
  }
}

/** Values are compared where each bucket has one, and it is a number. */
function chooseMeasure(buckets: Iterable<SizedBucket>): Measure {
  let isEmpty = true;
  for (const { value } of buckets) {
    if (typeof value !== 'number' && typeof value !== 'bigint') return 'numbers';
    isEmpty = false;
  }
  return isEmpty ? 'numbers' : 'value';
}

function isReduced({ signature: { name, version, fileHash } }: Manifest): boolean {
  return findSignature(name, version, fileHash) !== undefined;
}

function introduce({ range, signature }: Manifest, steps: ReportChart | undefined): string {
  const bounds = `The numbers from ${formatLongNumber(range.start)} up to ${formatLongNumber(range.end)}, that one not included, grouped by`;
  if (steps)
    return `${bounds} their reduced signature: in how many steps a number shrinks to two digits, and which two digits those are.`;
  return `${bounds} the signature ${toShownText(signature.name)}, version ${toShownText(signature.version)}.`;
}

function listFacts(manifest: Manifest, buckets: number): [string, string][] {
  const { signature, aggregate, range, layout, chunk, shards } = manifest;
  const facts: [string, string][] = [
    ['Numbers', formatCount(manifest.count)],
    ['Buckets', formatCount(buckets)],
    shards ? ['Shards', formatCount(shards.length)] : ['Files', formatCount(manifest.files.length)],
    ['Size', formatBytes(manifest.bytes)],
    ['First number of the range', formatLongNumber(range.start)],
    ['End of the range', formatLongNumber(range.end)],
    ['Layout', chunk === undefined ? layout : `${layout}, of ${formatCount(chunk)} numbers`],
    ['A bucket keeps', aggregate === undefined ? 'its numbers' : `one value: ${toShownText(aggregate)}`],
    ['Signature', `${toShownText(signature.name)}, version ${toShownText(signature.version)}`],
  ];
  for (const [name, value] of Object.entries(signature.options ?? {}).slice(0, 20))
    facts.push([`Option ${toShownText(name)}`, toShownText(value)]);
  if (signature.fileHash !== undefined)
    facts.push(['SHA-256 of its file', `${toShownText(signature.fileHash.slice(0, 16))}…`]);
  return facts;
}

/** Where there are few, the smallest are those that are not among the largest. */
function listExtremes({ largest, smallest }: Survey): Pick<ReportContent, 'largest' | 'smallest'> {
  const keys = new Set(largest.map(({ key }) => key));
  return {
    largest: largest.map(toListed),
    smallest: smallest.filter(({ key }) => !keys.has(key)).map(toListed),
  };
}

function toListed({ key, count, first, last, value }: SizedBucket): ListedBucket {
  const bucket = { key: toShownText(key), count, first, last };
  return value === undefined ? bucket : { ...bucket, value: showValue(value) };
}

function showValue(value: JsonValue): string {
  if (typeof value === 'bigint') return formatCount(value);
  const text = JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'bigint' ? String(member) : member,
  );
  return toShownText(text);
}
