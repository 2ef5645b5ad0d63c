import { nameJobFile, SINGLE_FILE } from '../layouts/layout.js';
import { splitIntoJobs } from '../range/jobs.js';
import type { PlanFacts } from './options.js';
import { countNameDigits, type PlanIdentity } from './plan.js';

/** The file that lists the buckets where they are too many for the manifest. */
export const BUCKET_LIST_FILE = 'buckets.jsonl';

/** The file that tells what sums were rounded by. */
export const REMAINDERS_FILE = 'remainders.jsonl';

/** The name of the table file of `job` in the layout `job`. */
export function nameTableOf(plan: PlanFacts, job: number): string {
  return nameJobFile(splitIntoJobs(plan.range, plan.chunk).at(BigInt(job)), countNameDigits(plan));
}

/**
 * The names of the table files of a build through a spool, as far as the plan tells: in the layout `signature`, the names
 * follow from keys that are not known yet.
 */
export function* listSpooledNames(plan: PlanIdentity): Generator<string> {
  if (plan.aggregate === 'sum') yield REMAINDERS_FILE;
  if (plan.layout === 'signature') return;
  yield BUCKET_LIST_FILE;
  if (plan.layout === 'single') yield SINGLE_FILE;
  else {
    const jobs = splitIntoJobs({ start: BigInt(plan.start), end: BigInt(plan.end) }, BigInt(plan.chunk));
    for (let job = 0n; job < jobs.count; job++) yield nameJobFile(jobs.at(job), plan.nameDigits);
  }
}
