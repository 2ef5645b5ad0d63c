import { build } from '../build/build.js';
import type { BuildOptions, BuildResult } from '../build/options.js';
import type { SharedBuildOptions } from './build-options.js';

/** Builds here, or through a queue where one is named; throws as `build` does. */
export async function runBuildAnywhere(
  options: SharedBuildOptions & Pick<BuildOptions, 'signal' | 'onEvent'>,
): Promise<BuildResult> {
  const { address, root, merges = true } = options;
  if (!address) return build(options);
  const { buildThroughQueue } = await import('../distributed/queued-build.js');
  return buildThroughQueue({ ...options, address, root, merges });
}
