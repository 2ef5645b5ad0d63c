import { join } from 'node:path';
import { openSignature, type ReadySignature } from 'sigtables';
import { ROOT } from '../e2e/harness.js';

/** Where the examples are. */
export const EXAMPLES = join(ROOT, 'examples');

/** The signature in `file` of the examples, loaded and set up as every worker does it. */
export function openExample(file: string, options: Record<string, string> = {}): Promise<ReadySignature> {
  return openSignature(join(EXAMPLES, file), options);
}
