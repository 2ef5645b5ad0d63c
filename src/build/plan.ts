import { createHash } from 'node:crypto';
import { buildTooManyDigits, tooManyShards } from '../errors.js';
import { chooseChunk } from '../layouts/default-chunk.js';
import type { LayoutName } from '../layouts/layout-name.js';
import { countDigits, layOut, type Layout } from '../layouts/layout.js';
import { measureTables } from '../layouts/measure.js';
import { MAX_PLANNED_DIGITS } from '../limits.js';
import { splitIntoJobs } from '../range/jobs.js';
import { sizeOf, type Range } from '../range/range.js';
import { cutShard } from '../range/shards.js';
import type { ClosedForm, Signature } from '../signatures/signature.js';
import type { BuildOptions, PlanFacts } from './options.js';

/** A signature that places its fragments directly. */
export type PlacedSignature = Signature & { readonly closedForm: ClosedForm };

/** What a plan is made from. */
export type PlanOptions = Pick<BuildOptions, 'range' | 'layout' | 'chunk' | 'shard'>;

/**
 * The facts of what a build of these options makes, without making anything. Throws USAGE for numbers too long, and for
 * more shards than numbers.
 */
export function planBuild({ closedForm, name, version }: PlacedSignature, options: PlanOptions): PlanFacts {
  const { range: whole, layout, shard } = options;
  const digits = countDigits(whole.end);
  if (digits > MAX_PLANNED_DIGITS) throw buildTooManyDigits(digits, MAX_PLANNED_DIGITS);
  const chunk = options.chunk ?? chooseChunk(whole, layout);
  const range = shard ? cutPart(options, chunk) : whole;
  const jobs = splitIntoJobs(range, chunk);
  const { signatures, files, bytes } = measureTables(closedForm, range, layout, jobs);
  return {
    signature: { name, version },
    range,
    ...(shard && { shard: { ...shard, whole } }),
    layout,
    chunk,
    numbers: sizeOf(range),
    signatures,
    jobs: jobs.count,
    files,
    bytes,
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
  const { signature, range, layout, chunk } = plan;
  return {
    signature: signature.name,
    signatureVersion: signature.version,
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
