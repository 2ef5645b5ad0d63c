import { flagsExclude, notAChoice } from '../errors.js';
import { parseNumber } from '../range/expression.js';
import { parseRange } from '../range/parse-range.js';
import type { Range } from '../range/range.js';
import { REDUCED_START } from '../signatures/reduced/census.js';
import { BUCKET_AGGREGATES, type BucketAggregate, type Flags } from './flags.js';
import { findSetting, resolveJson } from './options.js';

const DEFAULT_TABLES = 'tables';

/** Where an answer comes from: a table set, or the closed form over a range. */
export interface SourceOptions {
  readonly tables: string;
  readonly range: Range | undefined;
  readonly isJson: boolean;
}

/** Which numbers of a bucket are asked for, and what is to be made of them. */
export interface LookupOptions extends SourceOptions {
  readonly at: bigint | undefined;
  /** The first index; 0 unless given. */
  readonly from: bigint | undefined;
  readonly limit: bigint | undefined;
  readonly isCount: boolean;
  readonly aggregate: BucketAggregate | undefined;
}

/** Where to look; throws a USAGE error that names the bad flag. `SIGTABLES_RANGE` is of builds, and has no say here. */
export function resolveSource(flags: Flags): SourceOptions {
  const range = flags['range'] === undefined ? undefined : findSetting(flags, 'range');
  if (range && flags['tables'] !== undefined) throw flagsExclude('--tables', '--range');
  return {
    tables: findSetting(flags, 'tables')?.text ?? DEFAULT_TABLES,
    range: range && parseRange(range.text, range.name, REDUCED_START),
    isJson: resolveJson(flags),
  };
}

/** What to look up, and where; throws as `resolveSource` does. */
export function resolveLookup(flags: Flags): LookupOptions {
  const part = flags['from'] === undefined ? '--limit' : '--from';
  const isPart = flags['from'] !== undefined || flags['limit'] !== undefined;
  const isCount = flags['count'] === true;
  if (flags['at'] !== undefined && isCount) throw flagsExclude('--at', '--count');
  if (flags['at'] !== undefined && isPart) throw flagsExclude('--at', part);
  if (isCount && isPart) throw flagsExclude('--count', part);
  const aggregate = resolveAggregate(flags);
  const whole = isCount ? '--count' : '--at';
  if (aggregate && (isCount || flags['at'] !== undefined)) throw flagsExclude('--aggregate', whole);
  return {
    ...resolveSource(flags),
    at: parseIndex(flags, 'at'),
    from: parseIndex(flags, 'from'),
    limit: parseIndex(flags, 'limit'),
    isCount,
    aggregate,
  };
}

/** Only the flag counts: the variable is of builds. */
function resolveAggregate(flags: Flags): BucketAggregate | undefined {
  const setting = flags['aggregate'] === undefined ? undefined : findSetting(flags, 'aggregate');
  if (setting === undefined) return undefined;
  const aggregate = BUCKET_AGGREGATES.find((name) => name === setting.text);
  if (aggregate === undefined) throw notAChoice(setting.name, setting.text, BUCKET_AGGREGATES);
  return aggregate;
}

/** Only the flag counts: a variable for where to begin would do more harm than good. */
function parseIndex(flags: Flags, key: string): bigint | undefined {
  const setting = flags[key] === undefined ? undefined : findSetting(flags, key);
  return setting && parseNumber(setting.text, setting.name);
}
