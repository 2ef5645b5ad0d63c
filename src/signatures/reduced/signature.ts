import type { ClosedForm, Signature } from '../signature.js';
import { BucketTally } from './bucket-tally.js';
import { bucketSizes, firstMembers, lastMembers, REDUCED_START } from './census.js';
import { measureJobKeys } from './job-keys.js';
import { createMatcher, keyOf } from './key.js';
import { rank, select } from './ranking.js';
import { sumsWithin } from './sums/bucket-sums.js';

export { REDUCED_START };

const closedForm: ClosedForm = {
  tally: (n) => new BucketTally({ start: REDUCED_START, end: n }),
  rank,
  select,
  tallyWithin: (range) => new BucketTally(range),
  firstMembers,
  lastMembers,
  bucketSizes,
  sumsWithin,
  measureJobKeys,
};

/** What a plan and a manifest record of the built-in signature, with its closed form. */
export const plannedReduced = { name: 'reduced', version: '1', closedForm } as const;

/** The built-in signature: the reduced signature, with its closed form. */
export const reducedSignature: Signature & { readonly closedForm: ClosedForm } = {
  name: plannedReduced.name,
  version: plannedReduced.version,
  start: REDUCED_START,
  keyOf,
  createMatcher,
  closedForm,
};
