import { reducedSignature } from '../signatures/reduced/signature.js';
import type { BuildOptions, BuildResult } from './options.js';
import { planBuild } from './plan.js';
import { makeTableSet } from './table-set.js';

/** Builds a table set, or goes on with one. Throws SigtablesErrors; what is done by then is kept. */
export async function build(options: BuildOptions): Promise<BuildResult> {
  return makeTableSet(options, planBuild(reducedSignature, options));
}
