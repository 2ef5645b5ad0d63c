import { hostname } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { signatureNotHere } from '../errors.js';
import type { LoadedSignature } from '../signatures/plug-in/source.js';
import { plannedReduced } from '../signatures/reduced/signature.js';
import type { JobData } from './job-data.js';

/**
 * The worker's own signature that a job means; nothing for the built-in one. A queue names signatures, it never brings them: name,
 * version, file and options must be the same. Throws USAGE with both hashes where they are not.
 */
export function findSignature(
  wanted: JobData['signature'],
  plugIns: readonly LoadedSignature[],
): LoadedSignature | undefined {
  const { name, version } = plannedReduced;
  if (isDeepStrictEqual(wanted, { name, version })) return undefined;
  const found = plugIns.find(
    (own) =>
      own.name === wanted.name &&
      own.version === wanted.version &&
      own.fileHash === wanted.fileHash &&
      isDeepStrictEqual(own.options, wanted.options ?? {}),
  );
  if (found) return found;
  const namesake = plugIns.find((own) => own.name === wanted.name);
  const reduced = wanted.name === name ? { name, version } : undefined;
  throw signatureNotHere(hostname(), wanted, namesake ?? reduced);
}
