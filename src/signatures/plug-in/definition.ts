import type { z } from 'zod';
import type { WholeNumber } from '../../range/whole-number.js';
import type { AggregateDefinition } from '../../aggregates/aggregate.js';
import type { ClosedForm } from '../signature.js';

/** What `keyOf` returns: the key as text or as a number, or null for a number that is left out. */
export type Key = string | number | null;

/**
 * A signature of your own, as a module's default export. `n` is a number up to 2^53 − 1 and a bigint above; where no
 * number of yours passes that, write `keyOf(n: number)`.
 */
export interface SignatureDefinition<Options = unknown, State = unknown> {
  /** What the table set records: one line of text. */
  readonly name: string;
  /** Recorded too: change it whenever keys change. */
  readonly version: string;
  /** The first number that has a signature; 0 unless given. */
  readonly start?: number | bigint;
  /** The first number that has none any more; none unless given. */
  readonly end?: number | bigint;
  /** What `--option key=value` is checked by: an object of strings goes in, what comes out is given to `setup`. */
  readonly options?: z.ZodType<Options>;
  /** Runs once in every worker, before anything else: loads what `keyOf` needs. */
  setup?(context: { readonly options: Options }): State | Promise<State>;
  /** The signature of `n`. Called for every number, in any order and by several workers: it may depend on `n` and `state` alone. */
  keyOf(n: WholeNumber, state: State): Key;
  /**
   * What aggregates such as `sum` take of `n`; `n` itself unless given. Must return a number or a bigint: `object` stands
   * here only because every JavaScript object has a `valueOf`, and a definition without its own is to be one too.
   */
  valueOf?(n: WholeNumber, state: State): number | bigint | object;
  /** Aggregates besides `list`, `count`, `sum`, `min` and `max`, by the name that `--aggregate` takes. */
  readonly aggregates?: Readonly<Record<string, AggregateDefinition>>;
  /** Answers about buckets without enumeration, if there are any. */
  readonly closedForm?: ClosedForm;
}

/** Gives `definition` back, with its types checked: a plug-in module ends with `export default defineSignature({ … })`. */
export function defineSignature<Options = unknown, State = undefined>(
  definition: SignatureDefinition<Options, State>,
): SignatureDefinition<Options, State> {
  return definition;
}
