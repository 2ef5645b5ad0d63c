import type { SigtablesError } from '../errors.js';

/** Why this machine cannot work on a build. */
export class Refusal extends Error {
  override readonly cause: SigtablesError;

  constructor(cause: SigtablesError) {
    super(cause.message);
    this.cause = cause;
  }
}

/** A job that is not what its build gives out. */
export class ForeignJob extends Refusal {}
