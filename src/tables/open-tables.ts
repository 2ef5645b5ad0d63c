import type { OpenOptions, Tables } from './tables.js';

/**
 * Opens the table set in `folder`, sharded or not: reads its manifest, and no table yet. Throws a SigtablesError TABLES where there
 * is none, where it is incomplete or damaged, or where a newer sigtables wrote it.
 */
export async function openTables(folder: string, options: OpenOptions = {}): Promise<Tables> {
  // Every worker loads the library for a plug-in's `defineSignature`: what reads tables is loaded where it is used.
  const reader = await import('./reader.js');
  return reader.openTables(folder, options);
}
