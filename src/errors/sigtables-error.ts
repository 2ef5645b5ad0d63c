/**
 * What went wrong, as the exit statuses of the command line group it.
 * `limits.ts` has no say here: these numbers are a public promise.
 */
export const EXIT_STATUS = {
  /** A fault in sigtables itself. */
  FAULT: 1,
  /** A flag, an argument, or a plan that contradicts what the folder holds. */
  USAGE: 2,
  /** A table set that is absent, incomplete or damaged. */
  TABLES: 3,
  /** Another build holds the folder. */
  LOCKED: 4,
  /** The output place refused: space, quota, permission, limits. */
  OUTPUT: 5,
  /** An input or output operation failed. */
  IO: 6,
  /** A job failed: a plug-in threw, a worker died. */
  JOB: 7,
} as const;

export type ErrorCode = keyof typeof EXIT_STATUS;

/** Every failure that sigtables foresees: one line that says what happened, where, what was kept and what to do. */
export class SigtablesError extends Error {
  override readonly name = 'SigtablesError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
