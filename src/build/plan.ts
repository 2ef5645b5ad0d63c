import { createHash } from 'node:crypto';
import { LIST } from '../aggregates/open-aggregate.js';
import { buildTooManyDigits, spoolTooManyNumbers, tooManyShards } from '../errors.js';
import { chooseChunk } from '../layouts/default-chunk.js';
import type { LayoutName } from '../layouts/layout-name.js';
import { countDigits, layOut, type Layout } from '../layouts/layout.js';
import { measureTables } from '../layouts/measure.js';
import { MAX_PLANNED_DIGITS, MAX_SPOOLED_NUMBERS } from '../limits.js';
import { splitIntoJobs } from '../range/jobs.js';
import { sizeOf, type Range } from '../range/range.js';
import { cutShard } from '../range/shards.js';
import { isClosedAggregate } from '../signatures/closed-values.js';
import { hasOwnValue } from '../signatures/plug-in/own-value.js';
import type { ClosedForm } from '../signatures/signature.js';
import type { SignatureIdentity } from '../tables/manifest.js';
import type { BuildOptions, PlanFacts, SizedPlan } from './options.js';

export type PlacedSignature = SignatureIdentity & { readonly closedForm: ClosedForm };

/** What a plan records of a signature, and its closed form where it has one. */
export type PlannedSignature = SignatureIdentity & { readonly closedForm?: ClosedForm | undefined };

/** Whether the closed form alone makes the tables of `plan`, all at once: in the layout `job` it makes those of each job. */
export function isClosed(
  { closedForm }: PlannedSignature,
  { aggregate, layout, plugIn }: Pick<BuildOptions, 'aggregate' | 'layout' | 'plugIn'>,
): boolean {
  const hasOwnValues = plugIn !== undefined && hasOwnValue(plugIn.definition);
  return layout !== 'job' && isClosedAggregate({ closedForm, hasOwnValues }, aggregate);
}

/** What a plan is made from. */
export type PlanOptions = Pick<BuildOptions, 'range' | 'layout' | 'chunk' | 'shard'> &
  Partial<Pick<BuildOptions, 'aggregate' | 'plugIn'>>;

/**
 * The facts of what a build of these options makes, without making anything. Throws USAGE for numbers too long, for more shards
 * than numbers, and for more numbers than can be gone through where they are.
 */
export function planBuild(signature: PlannedSignature, options: PlanOptions): PlanFacts {
  const { closedForm, ...identity } = signature;
  const { aggregate = LIST } = options;
  if (closedForm && aggregate === LIST) return planPlaced({ ...identity, closedForm }, options);
  // A closed aggregate is one job of a moment.
  const isOneJob = isClosed(signature, { ...options, aggregate });
  const part = planRange(isOneJob ? { ...options, chunk: options.range.end } : options, 'job');
  if (!isOneJob && part.numbers > MAX_SPOOLED_NUMBERS)
    throw spoolTooManyNumbers(part.numbers, MAX_SPOOLED_NUMBERS);
  return {
    signature: identity,
    aggregate,
    ...part,
    signatures: undefined,
    files: undefined,
    bytes: undefined,
  };
}

/** The same where the closed form places the fragments of lists. */
export function planPlaced({ closedForm, ...identity }: PlacedSignature, options: PlanOptions): SizedPlan {
  const part = planRange(options, options.layout);
  const jobs = splitIntoJobs(part.range, part.chunk);
  const { signatures, files, bytes } = measureTables(closedForm, part.range, part.layout, jobs);
  return { signature: identity, aggregate: LIST, ...part, signatures, files, bytes };
}

type RangePlan = Pick<PlanFacts, 'range' | 'shard' | 'layout' | 'chunk' | 'numbers' | 'jobs'>;

/** The default chunk is that of `chunkLayout`. */
function planRange(options: PlanOptions, chunkLayout: LayoutName): RangePlan {
  const { range: whole, layout, shard } = options;
  const digits = countDigits(whole.end);
  if (digits > MAX_PLANNED_DIGITS) throw buildTooManyDigits(digits, MAX_PLANNED_DIGITS);
  const chunk = options.chunk ?? chooseChunk(whole, chunkLayout);
  const range = shard ? cutPart(options, chunk) : whole;
  return {
    range,
    ...(shard && { shard: { ...shard, whole } }),
    layout,
    chunk,
    numbers: sizeOf(range),
    jobs: splitIntoJobs(range, chunk).count,
  };
}

/** The chunk shapes what is built in the layout `job` alone; elsewhere the cut does not depend on it either. */
function cutPart({ range, layout, shard = { index: 1, count: 1 } }: PlanOptions, chunk: bigint): Range {
  if (sizeOf(range) < BigInt(shard.count)) throw tooManyShards(shard.count, sizeOf(range));
  return cutShard(range, shard, layout === 'job' ? chunk : chooseChunk(range, layout));
}

/** Where everything of the plan goes. */
export function layOutPlan({ closedForm }: PlacedSignature, plan: PlanFacts): Layout {
  return layOut(closedForm, plan.range, plan.layout, plan.chunk, countNameDigits(plan));
}

/** To how many digits file names are padded: a shard's have the width of the whole's, so that merging renames nothing. */
export function countNameDigits({ range, shard }: PlanFacts): number {
  return countDigits((shard?.whole ?? range).end);
}

/** What two builds must share for one to go on with the other's jobs. */
export interface PlanIdentity {
  readonly signature: string;
  readonly signatureVersion: string;
  readonly fileHash?: string;
  readonly options?: Readonly<Record<string, string>>;
  /** Absent for `list`. */
  readonly aggregate?: string;
  readonly start: string;
  readonly end: string;
  readonly layout: LayoutName;
  readonly chunk: string;
  readonly nameDigits: number;
  /** What the table sets are made of that a merge reads: SHA-256 in hex. */
  readonly sources?: string;
}

/** The identity of a plan; `sources` is the `Origin.digest` of a merge. */
export function identifyPlan(plan: PlanFacts, sources: string | undefined): PlanIdentity {
  const { signature, aggregate, range, layout, chunk } = plan;
  const { name, version, ...file } = signature;
  return {
    signature: name,
    signatureVersion: version,
    ...file,
    ...(aggregate !== LIST && { aggregate }),
    start: range.start.toString(),
    end: range.end.toString(),
    layout,
    chunk: chunk.toString(),
    nameDigits: countNameDigits(plan),
    ...(sources !== undefined && { sources }),
  };
}

/** SHA-256 of the identity, in hex. */
export function hashPlan(identity: PlanIdentity): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
