import { reducedSignature } from './reduced/signature.js';
import type { Signature } from './signature.js';

/** The signature that a manifest names, if this version knows it; one from a file (`fileHash`) is none of the built-in ones. */
export function findSignature(name: string, version: string, fileHash?: string): Signature | undefined {
  const isBuiltIn = fileHash === undefined && name === reducedSignature.name;
  return isBuiltIn && version === reducedSignature.version ? reducedSignature : undefined;
}
