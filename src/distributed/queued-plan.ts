import { hostname } from 'node:os';
import type { PlanFacts } from '../build/options.js';
import { countNameDigits } from '../build/plan.js';
import type { BuildRecord, PostedBuild } from './board.js';
import type { JobData, JobTerms } from './job-data.js';
import type { QueuedBuildOptions } from './options.js';
import type { TakenResult } from './queued-jobs.js';
import type { WantedResult } from './results.js';
import type { QueueRecord } from './queue-record.js';

/** What kind of jobs a build gives out, and how their results are taken. */
export interface JobKind extends Pick<JobData, 'yields' | 'partitions' | 'setLayout'> {
  /** The result of `job`, taken into the build; nothing where none was made from `wanted`. */
  take(job: number, wanted: WantedResult): Promise<TakenResult | undefined>;
}

/** What a build is about, as it tells others. */
export interface QueuedPlan {
  readonly options: QueuedBuildOptions;
  readonly plan: PlanFacts;
  readonly record: QueueRecord;
  /** The output folder as jobs name it. */
  readonly out: string;
}

/** What the board says of a build. */
export function describeBuild(
  { plan, out, record }: QueuedPlan,
  standing: Pick<BuildRecord, 'state' | 'done' | 'again'>,
): PostedBuild {
  return {
    format: 2,
    kind: 'build',
    id: record.id,
    host: hostname(),
    pid: process.pid,
    out,
    signature: plan.signature.name,
    aggregate: plan.aggregate,
    layout: plan.layout,
    start: String(plan.range.start),
    end: String(plan.range.end),
    jobs: Number(plan.jobs),
    ...standing,
  };
}

/** What a worker is told of every job. */
export function describeTerms(
  { plan, options, out, record }: QueuedPlan,
  { yields, partitions, setLayout }: Omit<JobKind, 'take'>,
): JobTerms {
  const { name, version, fileHash, options: settings } = plan.signature;
  return {
    format: 2,
    build: record.id,
    token: record.token,
    out,
    start: String(plan.range.start),
    end: String(plan.range.end),
    chunk: String(plan.chunk),
    layout: plan.layout,
    nameDigits: countNameDigits(plan),
    signature: {
      name,
      version,
      ...(fileHash !== undefined && { fileHash }),
      ...(settings && { options: { ...settings } }),
    },
    aggregate: plan.aggregate,
    yields,
    partitions,
    setLayout,
    sync: options.sync,
    ...(options.jobTimeoutMs !== undefined && { jobTimeoutMs: options.jobTimeoutMs }),
  };
}
