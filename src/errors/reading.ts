import { SigtablesError } from './sigtables-error.js';
import { shorten, toOneLine } from './quoting.js';

// What is wrong with a question to tables, or with the tables that are to answer.

/** A table file does not hold at `offset`, in bytes, what it must. */
export function tableDamaged(path: string, offset: number, what: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${toOneLine(path)} is damaged at byte ${offset}: ${what}; sigtables verify shows what else is, sigtables build --force writes it again`,
  );
}

/** What stands in the place of a table file is a link, a folder, a device. */
export function tableNotAFile(path: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${toOneLine(path)} is not a plain file: table sets hold no links; put the file itself there, or build again`,
  );
}

/** The system refused to open or read a table file. */
export function tableUnreadable(path: string, cause: NodeJS.ErrnoException): SigtablesError {
  return new SigtablesError('IO', `cannot read ${toOneLine(path)}: ${cause.message}`, { cause });
}

/** A table set is used after `close()`. */
export function tablesClosed(folder: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `the tables in ${toOneLine(folder)} are closed: open them again with openTables`,
  );
}

/** What the buckets of an aggregated table set hold. */
function nameValues(aggregate: string): string {
  const names: Readonly<Record<string, string>> = {
    count: 'counts',
    sum: 'sums',
    min: 'least values',
    max: 'greatest values',
  };
  const name = Object.hasOwn(names, aggregate) ? names[aggregate] : undefined;
  return `${name ?? 'values'} (--aggregate ${toOneLine(aggregate)})`;
}

/** A table set holds one value per bucket, and is asked for numbers. */
export function tablesHoldValues(folder: string, aggregate: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `the table set in ${toOneLine(folder)} holds ${nameValues(aggregate)}, not lists of numbers: use value(), or sigtables lookup SIGNATURE`,
  );
}

/** A table set holds lists of numbers, and is asked for values. */
export function tablesHoldLists(folder: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `the table set in ${toOneLine(folder)} holds lists of numbers, not values: use members() or at(), or sigtables lookup SIGNATURE --aggregate sum`,
  );
}

/** In the layout `job` a bucket has a value in each of several files, named by the first and the last one. */
export function valueInEachJob(
  folder: string,
  signature: string,
  first: string,
  last: string,
): SigtablesError {
  const where =
    first === last ? `the one in ${first} is of its numbers there` : `in the files from ${first} to ${last}`;
  return new SigtablesError(
    'USAGE',
    `the table set in ${toOneLine(folder)} has a value of ${toOneLine(signature)} for each job, ${where}: read them there, or build with --layout single for one value`,
  );
}

/** A value of an aggregated table set is asked for as if it were a list. */
export function flagNeedsList(flag: string, where: string, aggregate: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} is of lists of numbers, but ${toOneLine(where)} holds ${nameValues(aggregate)}: leave it out for the value, or give --count`,
  );
}

/** There is no least and no greatest of no numbers. */
export function noNumbersLeft(aggregate: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--limit 0 leaves no number to take the ${aggregate} of: give a larger one`,
  );
}

/** No number of the range or table set has the signature. */
export function signatureNotFound(signature: string, where: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `no number of ${toOneLine(where)} has the signature "${toOneLine(signature)}"; sigtables sign prints the signature of a number`,
  );
}

/** The bucket has no member at `index`. */
export function indexOutOfBounds(
  flag: string,
  index: bigint,
  signature: string,
  count: bigint,
): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${flag} ${shorten(index.toString())} is out of bounds: ${toOneLine(signature)} has ${shorten(count.toString())} numbers, at 0 to ${shorten((count - 1n).toString())}`,
  );
}

/** The range or table set does not hold the number. */
export function numberNotFound(n: bigint, where: string): SigtablesError {
  return new SigtablesError('USAGE', `${shorten(n.toString())} is not in ${toOneLine(where)}`);
}

/** Flags that contradict each other. */
export function flagsExclude(one: string, other: string): SigtablesError {
  return new SigtablesError('USAGE', `${one} and ${other} exclude each other: give one of them`);
}
