import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import {
  plugInChanged,
  plugInNotFound,
  plugInOfOtherKind,
  plugInUnreadable,
  setUpFailed,
} from '../../errors.js';
import { readNamedFile } from '../../files/named-file.js';
import { MODULE_MAX_BYTES } from '../../limits.js';
import { checkDefinition } from './check-definition.js';
import { explainImportFailure } from './import-failure.js';
import { importModule, MODULE_EXTENSIONS } from './import-module.js';
import { hasOwnValue } from './own-value.js';
import { parseOptions } from './parse-options.js';
import type { LoadedSignature, ReadySignature, SignatureSource } from './source.js';
import { describeThrown } from './thrown.js';

export type { LoadedSignature, ReadySignature, SignatureSource } from './source.js';

/**
 * Loads a signature's module and checks it and its options; runs nothing of it but its own top level. Throws a USAGE error for
 * what is wrong with the file, the definition or the options, and a JOB error for a file that has not its `fileHash`.
 */
export async function loadSignature(source: SignatureSource): Promise<LoadedSignature> {
  const { path, fileHash: expectedHash, cacheFolder } = source;
  const content = await readModule(path);
  const fileHash = createHash('sha256').update(content).digest('hex');
  if (expectedHash !== undefined && expectedHash !== fileHash) throw plugInChanged(path);
  const namespace = await importModule(path, content.toString(), cacheFolder).catch((error: unknown) => {
    throw explainImportFailure(error, path);
  });
  const definition = checkDefinition(path, namespace);
  const options = sortByKey(source.options);
  const parsedOptions = parseOptions(path, definition.options, options);
  const { name, version, start = 0, end } = definition;
  return {
    path,
    name,
    version,
    fileHash,
    start: BigInt(start),
    ...(end !== undefined && { end: BigInt(end) }),
    options,
    definition,
    parsedOptions,
  };
}

/** Runs the module's `setup`, once for each call. Throws a JOB error when it fails. */
export async function setUpSignature(loaded: LoadedSignature): Promise<ReadySignature> {
  const { definition, parsedOptions, path } = loaded;
  let state: unknown;
  try {
    state = await definition.setup?.({ options: parsedOptions });
  } catch (error) {
    throw setUpFailed(path, describeThrown(error, path), error);
  }
  // A closure per signature over constants: V8 inlines the module's function into the loop that calls it.
  return {
    keyOf: (n) => definition.keyOf(n, state),
    valueOf: hasOwnValue(definition) ? (n) => definition.valueOf!(n, state) as number | bigint : undefined,
    aggregates: definition.aggregates ?? {},
    closedForm: definition.closedForm,
  };
}

async function readModule(path: string): Promise<Buffer> {
  const kinds: readonly string[] = MODULE_EXTENSIONS;
  try {
    const content = await readNamedFile(path, { maxBytes: MODULE_MAX_BYTES });
    if (kinds.includes(extname(path))) return content;
  } catch (error) {
    const cause = error as NodeJS.ErrnoException;
    throw cause.code === 'ENOENT' ? plugInNotFound(path) : plugInUnreadable(path, cause);
  }
  throw plugInOfOtherKind(path, kinds);
}

function sortByKey(options: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)));
}
