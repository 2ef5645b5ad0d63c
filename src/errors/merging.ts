import { SigtablesError } from './sigtables-error.js';
import { shorten, toOneLine } from './quoting.js';

// What is wrong with shards and sources.

/** A range has fewer numbers than it is to have parts. */
export function tooManyShards(count: number, numbers: bigint): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--shard: ${count} parts of a range of ${numbers} numbers would leave some empty: take ${numbers} parts at most`,
  );
}

/** The value of `name` is no part of so many. */
export function shardMalformed(name: string, text: string, maxCount: number): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${name} "${shorten(text)}" is no part: expected i/n, such as 1/9 to 9/9, with n up to ${maxCount}`,
  );
}

/** A file of a table set that is merged is not what the set's manifest says. */
export function sourceDamaged(path: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${toOneLine(path)} is damaged: its CRC-32 is not the one in its manifest; mend or build that table set again, then merge again (nothing was kept)`,
  );
}

/** A file of a table set that is merged cannot be read, or is not as large as it was. */
export function sourceUnreadable(failure: {
  message: string;
  code?: string | undefined;
  path?: string | undefined;
}): SigtablesError {
  const isGone = failure.code === undefined || failure.code === 'ENOENT';
  const where = failure.path === undefined ? 'a table set' : toOneLine(failure.path);
  return new SigtablesError(
    isGone ? 'TABLES' : 'IO',
    `cannot read ${where}: ${toOneLine(failure.message)}; finished jobs are kept: mend it and run the same merge`,
    { cause: failure },
  );
}

interface SetFacts {
  readonly folder: string;
  readonly range: { readonly start: bigint; readonly end: bigint };
}

function nameSet({ folder, range }: SetFacts): string {
  return `${toOneLine(folder)} (${range.start}..${range.end})`;
}

/** No table set holds the numbers between two others. */
export function mergeHasGap(below: SetFacts, above: SetFacts): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${nameSet(below)} and ${nameSet(above)} leave a gap: no folder has ${below.range.end}..${above.range.start}; name one that has, or build it`,
  );
}

/** Two table sets hold the same numbers. */
export function mergeOverlaps(below: SetFacts, above: SetFacts): SigtablesError {
  const end = below.range.end < above.range.end ? below.range.end : above.range.end;
  return new SigtablesError(
    'USAGE',
    `${nameSet(below)} and ${nameSet(above)} overlap: both have ${above.range.start}..${end}; leave one out`,
  );
}

/** Two table sets differ in `what`, which a merged one has but once. */
export function mergeDiffers(
  what: string,
  one: { folder: string; value: string },
  other: { folder: string; value: string },
  advice: string,
): SigtablesError {
  const [a, b] = [one, other].map(({ folder, value }) => `${toOneLine(folder)} has ${toOneLine(value)}`);
  return new SigtablesError('USAGE', `the table sets differ in their ${what}: ${a}, ${b}; ${advice}`);
}

/** This version does not know the signature, or another version of it. */
export function mergeOfUnknownSignature(
  folder: string,
  signature: { name: string; version: string },
): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${toOneLine(folder)} holds the signature ${toOneLine(signature.name)} ${toOneLine(signature.version)}, which this sigtables cannot merge: build the whole range instead`,
  );
}

/** The table set holds values that cannot be put together: only the signature's own code could. */
export function mergeOfAggregates(folder: string, aggregate: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${toOneLine(folder)} holds the results of --aggregate ${toOneLine(aggregate)}, which cannot be merged (only list, count, sum, min and max can): build the whole range instead`,
  );
}

/** A table set of format 1 holds a result that fractions went into: what it was rounded by is not known. */
export function mergeOfFractions(path: string, aggregate: string, value: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${toOneLine(path)} has the ${aggregate} ${shorten(toOneLine(value))}, and its table set is of format 1, which does not say what that was rounded by: build that table set again, then merge again`,
  );
}

/** The values of a table set are of more numbers than a job of the merged one has. */
export function mergeOfCoarseValues(
  folder: string,
  aggregate: string,
  range: { readonly start: bigint; readonly end: bigint },
): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${toOneLine(folder)} has one ${toOneLine(aggregate)} for ${range.start}..${range.end}, which is more than one job of the layout job here: take another --layout, or a --chunk of which that is a part`,
  );
}

/** A file of a table set that is merged is not what the set's manifest says; what was read of others is kept. */
export function sourceFileDamaged(path: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${toOneLine(path)} is damaged: it is not what its manifest says; mend or build that table set again, then merge again`,
  );
}

/** The tables of merged sets hold a bucket that their manifests do not name, or the other way round. */
export function sourcesContradictManifests(key: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `the tables and the manifests to merge do not go together in the bucket ${shorten(toOneLine(key))}: build those table sets again with sigtables build --force`,
  );
}

/** The tables of some jobs of a merge do not fit into memory. */
export function mergedJobTooLarge(budgetBytes: number): SigtablesError {
  return new SigtablesError(
    'OUTPUT',
    `the tables of a job take more than the ${budgetBytes} bytes of memory that a worker may use: give smaller jobs with --chunk, more memory with --max-memory, or use --layout single`,
  );
}

/** The output folder is a source, in one, or around one. */
export function mergeIntoSource(out: string, folder: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--out: ${out} and the source ${toOneLine(folder)} are the same folder, or one lies in the other: name another place`,
  );
}

/** No folder to merge. */
export function mergeOfNothing(): SigtablesError {
  return new SigtablesError('USAGE', 'merge needs a folder or more: sigtables merge shard-* --out tables');
}

/** The name of a shard is none of a folder in that of its sharded set. */
export function shardNameUnfit(folder: string, name: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${toOneLine(name)} is no name of a folder in ${toOneLine(folder)}: a sharded table set and its shards are moved together, so put it there`,
  );
}

/** Two table sets that are to be shards of one differ in `what`. */
export function shardsDiffer(what: string, one: string, other: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${toOneLine(one)} and ${toOneLine(other)} cannot be shards of one table set: they differ in their ${what}; build them with the same flags`,
  );
}

/** Shards that fit each other one by one make up no table set that could be read. */
export function shardsContradict(folder: string, what: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `the shards in ${toOneLine(folder)} make up no table set (${what}); no manifest was written: check each with sigtables verify, and give them names that differ in more than capitals`,
  );
}
