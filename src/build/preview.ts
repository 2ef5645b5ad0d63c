import { countDigits } from '../layouts/layout.js';
import { MAX_PLACED_DIGITS } from '../limits.js';
import { planSignature } from './build.js';
import { sizeClosedPlan } from './closed-form-maker.js';
import type { BuildOptions, PlanFacts } from './options.js';
import { isClosed, planBuild, type PlannedSignature, type PlanOptions } from './plan.js';
import { measureDiskSpace } from './preflight.js';

/** What a build would do, and the disk it would do it on. Writes nothing. */
export async function previewBuild(
  options: Pick<BuildOptions, 'range' | 'shard' | 'layout' | 'chunk' | 'out' | 'plugIn' | 'aggregate'>,
): Promise<{ plan: PlanFacts; freeBytes: bigint | undefined; defaultChunk: boolean }> {
  const plan = planSized(planSignature(options.plugIn), options);
  const { freeBytes } = await measureDiskSpace(options.out);
  return { plan, freeBytes, defaultChunk: options.chunk === undefined };
}

/** The plan of a build, with the sizes that a closed form tells where it makes the tables. */
function planSized(signature: PlannedSignature, options: PlanOptions): PlanFacts {
  const plan = planBuild(signature, options);
  const { closedForm, ...identity } = signature;
  // Longer numbers are not built, and their values would take seconds and gigabytes.
  const isMade =
    isClosed(signature, { ...options, ...plan }) && countDigits(plan.range.end) <= MAX_PLACED_DIGITS;
  return closedForm && isMade ? sizeClosedPlan({ ...identity, closedForm }, plan) : plan;
}
