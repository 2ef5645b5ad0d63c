import { plugInGave } from '../errors/spool.js';
import type { WholeNumber } from '../range/whole-number.js';
import type { Aggregate, AggregateDefinition } from './aggregate.js';
import { countAggregate } from './count.js';
import { maxAggregate, minAggregate } from './extremum.js';
import { createOwnAggregate } from './own.js';
import { sumAggregate } from './sum.js';

/** The aggregate that keeps a bucket's numbers: the one unless another is named. */
export const LIST = 'list';

/** The aggregates that every signature has. */
export const AGGREGATE_NAMES = [LIST, 'count', 'sum', 'min', 'max'] as const;

/** The list of a bucket's numbers. */
export const listAggregate: Aggregate = {
  name: LIST,
  keepsNumbers: true,
  takesValues: false,
  createColumn: () => countAggregate.createColumn(),
};

const BUILT_IN: Readonly<Record<(typeof AGGREGATE_NAMES)[number], Aggregate>> = {
  list: listAggregate,
  count: countAggregate,
  sum: sumAggregate,
  min: minAggregate,
  max: maxAggregate,
};

/** The aggregate of this name, among the built-in ones and a module's `own`; undefined where there is none. */
export function openAggregate(
  name: string,
  own: Readonly<Record<string, AggregateDefinition>> = {},
): Aggregate | undefined {
  if (Object.hasOwn(BUILT_IN, name)) return BUILT_IN[name as keyof typeof BUILT_IN];
  const definition = Object.hasOwn(own, name) ? own[name] : undefined;
  return definition && createOwnAggregate(name, definition);
}

/** The same where its name has been looked at before. Throws where there is none: a fault of ours. */
export function requireAggregate(
  name: string,
  own?: Readonly<Record<string, AggregateDefinition>>,
): Aggregate {
  const aggregate = openAggregate(name, own);
  if (!aggregate) throw new Error(`no aggregate ${name}`);
  return aggregate;
}

/** `value` where it is what `valueOf` may give. Throws a PlugInError. */
export function checkValue(value: unknown, n: WholeNumber): WholeNumber {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw plugInGave('valueOf', n, value, 'a finite number or a bigint');
}
