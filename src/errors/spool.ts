import { SigtablesError } from './sigtables-error.js';
import { shorten, toOneLine } from './quoting.js';

// What a signature of the user's own did wrong, and what is wrong with a build's spool.

/** Stands for what throws when it is looked at, such as a revoked proxy. */
const UNSHOWABLE = 'something that cannot be shown';

/** How a plug-in failed: it threw, it gave something of another type than it may, or something else when asked again. */
type PlugInFault = 'threw' | 'type' | 'varies';

/** A signature or an aggregate of the user's own failed at the number `n`. */
export class PlugInError extends Error {
  override readonly name = 'PlugInError';
  readonly n: number | bigint;
  readonly kind: PlugInFault;

  constructor(n: number | bigint, kind: PlugInFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.n = n;
    this.kind = kind;
  }
}

/** `what` (such as `keyOf`) threw `error` at `n`. */
export function plugInThrew(what: string, n: number | bigint, error: unknown): PlugInError {
  const said = describeError(error);
  return new PlugInError(n, 'threw', `${what} threw at ${n}: ${said}`, { cause: error });
}

/** `what` gave `value` at `n`, where `expected` was due. */
export function plugInGave(
  what: string,
  n: number | bigint,
  value: unknown,
  expected: string,
  because = '',
): PlugInError {
  const given = describeValue(value) + because;
  return new PlugInError(n, 'type', `${what} gave ${given} for ${n}, not ${expected}`);
}

/** `what` gave `first` for `n`, and when it was asked again something else. */
export function plugInVaries(
  what: string,
  n: number | bigint,
  first: unknown,
  second: { readonly gave: unknown } | { readonly threw: unknown },
): PlugInError {
  const then =
    'gave' in second ? `gave ${describeValue(second.gave)}` : `threw ${describeError(second.threw)}`;
  const message =
    `asked twice for ${n}, ${what} first gave ${describeValue(first)} and then ${then}: ` +
    'let it depend on n alone, not on chance, the time, or the calls before';
  const cause = 'threw' in second ? { cause: second.threw } : undefined;
  return new PlugInError(n, 'varies', message, cause);
}

/** A file of the spool is not what was written. */
export class SpoolDamaged extends Error {
  override readonly name = 'SpoolDamaged';
  readonly path: string;

  constructor(path: string, why: string) {
    super(`${path} is damaged (${why}): its job has to run again`);
    this.path = path;
  }
}

/** A job in the layout `job`, `start` to `end`, does not fit into memory at once. */
export function jobTooLarge(start: bigint, end: bigint, reached: bigint): SigtablesError {
  return new SigtablesError(
    'OUTPUT',
    `the job ${start}..${end} takes more memory than a worker may use (up to ${reached} it has filled it): ` +
      'give smaller jobs with --chunk, more memory with --max-memory, or use --layout single',
  );
}

/** What was thrown, in a few words. A plug-in may throw what itself throws when it is looked at. */
function describeError(error: unknown): string {
  try {
    return toOneLine(error instanceof Error ? `${error.name}: ${error.message}` : describeValue(error));
  } catch {
    return UNSHOWABLE;
  }
}

/** What a value is, in a few words. */
function describeValue(value: unknown): string {
  try {
    return nameValue(value);
  } catch {
    return UNSHOWABLE;
  }
}

function nameValue(value: unknown): string {
  if (typeof value === 'string') return `the text "${toOneLine(shorten(value))}"`;
  if (typeof value === 'function') return 'a function';
  if (value instanceof Promise) return 'a promise';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'bigint') return `the bigint ${shorten(String(value))}`;
  return toOneLine(String(value));
}
