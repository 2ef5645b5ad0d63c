import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadySignature } from './source.js';

/**
 * The signature of the module `file`, a path or a URL, loaded, checked and set up with `options`: what a test of it asks.
 * Throws USAGE errors for what is wrong with the file, the definition or the options, and a JOB error where `setup` fails.
 */
export async function openSignature(
  file: string | URL,
  options: Readonly<Record<string, string>> = {},
): Promise<ReadySignature> {
  // Every worker loads the library for a plug-in's `defineSignature`: what loads modules is loaded where it is used.
  const { loadSignature, setUpSignature } = await import('./load.js');
  const path = resolve(file instanceof URL ? fileURLToPath(file) : file);
  return setUpSignature(await loadSignature({ path, options }));
}
