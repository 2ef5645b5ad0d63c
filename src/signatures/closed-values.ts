import type { Range } from '../range/range.js';
import type { ClosedForm, KeyedNumber } from './signature.js';

/** The aggregates that a closed form may answer without going through the numbers. */
const CLOSED_AGGREGATES = ['count', 'sum', 'min', 'max'] as const;

/** What a closed form is asked for. */
interface ClosedQuestion {
  readonly closedForm?: ClosedForm | undefined;
  /** Whether a `valueOf` says what is aggregated, in place of the numbers. */
  readonly hasOwnValues?: boolean | undefined;
}

/** What a bucket comes to. */
export interface ClosedValue {
  readonly key: string;
  readonly count: bigint;
  readonly first: bigint;
  readonly last: bigint;
  readonly value: bigint;
}

/** Whether the closed form tells what `aggregate` makes of a bucket: what a `valueOf` gives for each number, it does not. */
export function isClosedAggregate({ closedForm, hasOwnValues }: ClosedQuestion, aggregate: string): boolean {
  if (!closedForm || !CLOSED_AGGREGATES.some((name) => name === aggregate)) return false;
  if (aggregate === 'count') return true;
  return hasOwnValues !== true && (aggregate !== 'sum' || closedForm.sumsWithin !== undefined);
}

/**
 * What `aggregate` makes of each bucket with a member in `range`, in the order of their first members. Throws a RangeError for one
 * that is not a closed aggregate.
 */
export function* listClosedValues(form: ClosedForm, aggregate: string, range: Range): Generator<ClosedValue> {
  const within = form.tallyWithin(range);
  const lastOf = new Map(form.lastMembers(range).map(({ key, number }) => [key, number]));
  const sums = aggregate === 'sum' ? form.sumsWithin?.(range) : undefined;
  const valueOf = ({ key, number }: KeyedNumber, last: bigint, count: bigint): bigint | undefined =>
    ({ count, sum: sums?.sum(key), min: number, max: last })[aggregate];
  for (const member of form.firstMembers(range)) {
    const { key, number: first } = member;
    const [count, last] = [within.count(key), lastOf.get(key) ?? first];
    const value = valueOf(member, last, count);
    if (value === undefined) throw new RangeError(`no closed form of ${aggregate}`);
    yield { key, count, first, last, value };
  }
}
