import { makeFromClosedForm } from '../build/closed-form-maker.js';
import { holdsBytes } from '../build/done-bytes.js';
import type { PlanFacts } from '../build/options.js';
import type { Origin } from '../build/origin.js';
import type { PlacedSignature } from '../build/plan.js';
import type { TableMaker } from '../build/table-maker.js';
import { sourceDamaged } from '../errors.js';
import type { MergeOptions } from './options.js';

/**
 * The values of more numbers than a spool tells apart, where a closed form has them: the sources are checked, and what they come to
 * together follows from the closed form, as in a build.
 */
export function mergeByClosedForm(
  options: MergeOptions,
  signature: PlacedSignature,
  plan: PlanFacts,
  { digest, files }: Origin,
): TableMaker {
  const check = async (): Promise<void> => {
    for (const { path, bytes, crc32 } of files) {
      const size = Number(bytes);
      if (!(await holdsBytes(path, size, [{ from: 0, to: size }], crc32))) throw sourceDamaged(path);
    }
  };
  return makeFromClosedForm(options, signature, plan, { digest, check });
}
