import { SigtablesError } from './sigtables-error.js';
import { shorten, toOneLine } from './quoting.js';

// What is wrong with the files of a table set: in words for a line that names the file, and as errors.

/** A file that the manifest names is not there. */
export function fileIsMissing(): string {
  return 'it is missing';
}

/** A symbolic link stands in the place of a file: what it leads to is not looked at. */
export function fileIsLink(): string {
  return 'a symbolic link stands in its place';
}

/** Something else stands in the place of a file. */
export function fileIsNoFile(): string {
  return 'something else than a file stands in its place';
}

/** The disk does not give the file's bytes. */
export function fileUnreadable(): string {
  return 'the disk cannot read it';
}

/** Sizes in bytes. */
export function fileOfOtherSize(found: number, expected: number): string {
  return `it has ${found} bytes instead of ${expected}`;
}

/** The file is not what was written. */
export function checksumDiffers(): string {
  return 'its CRC-32 is not the one in the manifest';
}

/** More bytes follow where the file is to end. */
export function surplusBytes(): string {
  return 'the file goes on behind its end';
}

/** The file ends where more is to follow. */
export function fileEndsEarly(): string {
  return 'the file ends there';
}

/** Another text stands where `expected` is to. */
export function textUnexpected(expected: string, found: string): string {
  return `${JSON.stringify(found)} stands where ${expected === 'a number' ? expected : JSON.stringify(expected)} is to`;
}

/** A number that stands behind a larger one, or behind itself. */
export function numberNotAscending(number: string): string {
  return `${shorten(number)} is not above the number before it`;
}

/** A number that the table set is not about. */
export function numberOutsideRange(number: string, range: { start: bigint; end: bigint }): string {
  return `${shorten(number)} is not in ${shorten(`${range.start}..${range.end}`)}`;
}

/** A number in the wrong bucket; `found` is absent where it has no signature at all. */
export function numberOfOtherKey(number: string, found: string | undefined, key: string): string {
  const has = found === undefined ? 'no signature' : `the signature ${toOneLine(found)}`;
  return `${shorten(number)} has ${has}, not ${toOneLine(key)}`;
}

/** A bucket of which the manifest says nothing. */
export function bucketUnnamed(key: string): string {
  return `the manifest does not name the bucket ${shorten(toOneLine(key))}`;
}

/** A bucket of which the manifest says something else. */
export function bucketOtherwise(key: string, difference: string): string {
  return `the bucket ${shorten(toOneLine(key))} has ${difference}`;
}

/** Buckets stand in the order of their first numbers. */
export function bucketNotAscending(key: string): string {
  return `the bucket ${shorten(toOneLine(key))} begins below the bucket before it`;
}

/** What stands in the place of a bucket's value is none. */
export function valueMalformed(text: string): string {
  return `${shorten(toOneLine(text))} stands where a value is to`;
}

/** All files are what the manifest says, but together they are not what it says of the buckets. */
export function bucketsContradictTables(): string {
  return 'what it says of the buckets is not what the tables hold';
}

/** The signature in a file is not the one that the table set was built with. */
export function verifyWithOtherSignature(
  folder: string,
  what: string,
  expected: string,
  found: string,
): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--signature: ${folder} was built with the ${what} ${toOneLine(expected)}, not ${toOneLine(found)}: name the file and --option that it was built with, or leave --signature out`,
  );
}

/** The signature's own code is only asked in a check of every number. */
export function signatureNeedsDeep(): SigtablesError {
  return new SigtablesError('USAGE', '--signature has a say only in a check of every number: add --deep');
}

/** A signature's own code failed while keys were checked. */
export function plugInFailedInCheck(file: string, what: string, stack?: string): SigtablesError {
  return new SigtablesError(
    'JOB',
    `${toOneLine(file)}: ${toOneLine(what)}; mend it, or leave --signature out`,
    { cause: stack },
  );
}

/** Files of a table set are not what they should be; they have been listed. */
export function tablesDamaged(folder: string, damaged: number, files: number): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${damaged} of ${files} files of ${folder} are missing or damaged; sigtables verify --repair ${folder} writes them anew`,
  );
}

/** The same, of a signature whose files cannot be written from the closed form. */
export function tablesDamagedForGood(folder: string, damaged: number, files: number): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${damaged} of ${files} files of ${folder} are missing or damaged: build the table set again with sigtables build --force`,
  );
}

/** The same of a sharded table set: shards that have lost their manifests, or whose signature has no closed form. */
export function shardsDamagedForGood(folder: string, damaged: number, files: number): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${damaged} of ${files} files of ${folder} are missing or damaged, and not all of them can be repaired: put the shards named above back, or build each again as it was built, with --force`,
  );
}

/** The manifest is intact, but not what the signature gives for the range. */
export function manifestContradictsSignature(path: string, why: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${path} is not what its signature gives (${toOneLine(why)}): build the table set again with sigtables build --force`,
  );
}

/** A file that was written anew is not what the manifest says. */
export function repairContradictsManifest(path: string, why: string): SigtablesError {
  return new SigtablesError(
    'TABLES',
    `${path} cannot be repaired: written anew, ${why}; nothing was changed: build the table set again with sigtables build --force`,
  );
}

/** A table set's signature is none that this version knows. */
export function verifyNeedsSignature(
  folder: string,
  {
    signature: { name, version },
    aggregate,
  }: { signature: { name: string; version: string }; aggregate?: string | undefined },
): SigtablesError {
  const what =
    aggregate === undefined
      ? `is of the signature ${toOneLine(name)} ${toOneLine(version)}, whose closed form this sigtables does not have`
      : `holds the results of --aggregate ${toOneLine(aggregate)} instead of numbers`;
  return new SigtablesError('USAGE', `${folder} ${what}: verify it without --repair, or build it again`);
}

/** A file of a table set cannot be read, through no fault of the file. */
export function tableCheckFailed(
  folder: string,
  failure: { message: string; path?: string | undefined },
): SigtablesError {
  return new SigtablesError(
    'IO',
    `cannot check ${toOneLine(failure.path ?? folder)}: ${toOneLine(failure.message)}; mend it and run the same command`,
    { cause: failure },
  );
}

/** A worker that checked files died. */
export function tableCheckerDied(cause: Error): SigtablesError {
  return new SigtablesError(
    'JOB',
    `a worker died while it checked files (${toOneLine(cause.message)}): run the same command with fewer --cpus`,
    { cause },
  );
}
