import { LIST } from '../aggregates/open-aggregate.js';
import type { LoadedSignature } from '../signatures/plug-in/source.js';
import { plannedReduced } from '../signatures/reduced/signature.js';
import { makeFromClosedForm } from './closed-form-maker.js';
import { makeDirectly } from './direct-maker.js';
import { shareMemory } from '../pool/memory-budget.js';
import type { BuildOptions, BuildResult } from './options.js';
import { isClosed, planBuild, planPlaced, type PlannedSignature } from './plan.js';
import { makeThroughSpool } from './spooled-maker.js';
import type { Undertaking } from './table-ground.js';
import type { TableMaker } from './table-maker.js';
import { makeTableSet } from './table-set.js';

/** Builds a table set, or goes on with one. Throws SigtablesErrors; what is done by then is kept. */
export async function build(options: BuildOptions): Promise<BuildResult> {
  return makeTableSet(options, chooseMaker);
}

/** By the closed form where there is one: lists are placed by it, and counts, sums and bounds follow from it. */
function chooseMaker(options: BuildOptions): TableMaker {
  const signature = planSignature(options.plugIn);
  const { closedForm, ...identity } = signature;
  const placed = closedForm && { ...identity, closedForm };
  if (placed && options.aggregate === LIST) {
    const plugIn = describePlugIn(options);
    return makeDirectly(options, placed, planPlaced(placed, options), plugIn && { plugIn });
  }
  const plan = planBuild(signature, options);
  return placed && isClosed(signature, options)
    ? makeFromClosedForm(options, placed, plan)
    : makeThroughSpool(options, plan);
}

function describePlugIn({ plugIn, maxMemoryBytes, cpus }: BuildOptions): Undertaking['plugIn'] {
  if (!plugIn) return undefined;
  const { path, options, fileHash } = plugIn;
  return { source: { path, options, fileHash }, budgetBytes: shareMemory(maxMemoryBytes, cpus) };
}

/** What a plan records of a plug-in; of the built-in signature where there is none. */
export function planSignature(plugIn: LoadedSignature | undefined): PlannedSignature {
  if (!plugIn) return plannedReduced;
  const { name, version, fileHash, options, definition } = plugIn;
  const { closedForm } = definition;
  return { name, version, fileHash, ...(Object.keys(options).length > 0 && { options }), closedForm };
}
