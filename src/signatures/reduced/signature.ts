import type { ClosedForm, Signature } from '../signature.js';
import { firstMembers, lastMembers, REDUCED_START, tallyBelow } from './census.js';
import { keyOf } from './key.js';

export { REDUCED_START };

const closedForm: ClosedForm = { tally: tallyBelow, firstMembers, lastMembers };

/** The built-in signature: the reduced signature, with its closed form. */
export const reducedSignature: Signature & { readonly closedForm: ClosedForm } = {
  name: 'reduced',
  version: '1',
  start: REDUCED_START,
  keyOf,
  closedForm,
};
