import { shorten, toOneLine } from './quoting.js';
import { SigtablesError } from './sigtables-error.js';

// What is wrong with a config file.

const WAY_ROUND = 'name another one with --config FILE, or take none with --no-config';

/** The file cannot be read at all. */
export function configUnreadable(file: string, cause: Error): SigtablesError {
  return new SigtablesError('USAGE', `cannot read ${file}: ${cause.message}; ${WAY_ROUND}`, { cause });
}

/** The file's ending is that of no config. */
export function configUnsuitable(file: string, endings: readonly string[]): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--config ${file} is no config: expected a file ending in ${endings.join(', ')}`,
  );
}

/** A pipe, a device, a folder or a socket has the name of a config. */
export function configNoFile(file: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `the config ${file} is not a plain file: remove what stands there, or ${WAY_ROUND}`,
  );
}

/** The package.json has nothing for us. */
export function configMissing(file: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `--config ${file} has no "sigtables" in it: write it, or name another file`,
  );
}

/** Not JSON, or code that throws. */
export function configBroken(file: string, what: string, cause?: unknown): SigtablesError {
  return new SigtablesError('USAGE', `the config ${file} is broken: ${what}; mend it, or ${WAY_ROUND}`, {
    cause,
  });
}

/** The module exports nothing of use. */
export function configExports(file: string): SigtablesError {
  return new SigtablesError('USAGE', `the config ${file} has no default export: write export default { … }`);
}

/** A config that was found on the way up, in the hands of another user. */
export function configOfOthers(file: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `the config ${file} belongs to another user, so it is not used unasked: --config ${file} takes it, --no-config goes without`,
  );
}

/** The file holds no object. */
export function configNoObject(file: string, found: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${file}: expected an object such as {"cpus": 4}, found ${shorten(found)}`,
  );
}

/** No flag has this name. */
export function configKeyUnknown(file: string, key: string, nearest: string | undefined): SigtablesError {
  const hint =
    nearest === undefined ? 'keys are named as the flags of --help are' : `did you mean ${nearest}?`;
  return new SigtablesError('USAGE', `${file}: unknown key "${toOneLine(key)}"; ${hint}`);
}

/** The value of `key` is of another type. */
export function configValueWrong(file: string, key: string, expected: string, found: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${file}: ${toOneLine(key)}: expected ${expected}, found ${shorten(found)}`,
  );
}

/** Options without a signature that they could be of. */
export function configOptionAlone(file: string, key: string): SigtablesError {
  return new SigtablesError(
    'USAGE',
    `${file}: ${key} needs a signature beside it: its options are those of that file`,
  );
}
