import { planSignature } from './build.js';
import type { BuildOptions, PlanFacts } from './options.js';
import { planBuild } from './plan.js';
import { measureDiskSpace } from './preflight.js';

/** What a build would do, and the disk it would do it on. Writes nothing. */
export async function previewBuild(
  options: Pick<BuildOptions, 'range' | 'shard' | 'layout' | 'chunk' | 'out' | 'plugIn' | 'aggregate'>,
): Promise<{ plan: PlanFacts; freeBytes: bigint | undefined; defaultChunk: boolean }> {
  const plan = planBuild(planSignature(options.plugIn), options);
  const { freeBytes } = await measureDiskSpace(options.out);
  return { plan, freeBytes, defaultChunk: options.chunk === undefined };
}
