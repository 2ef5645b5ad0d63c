import { openAnyManifest, ManifestView } from './manifest-view.js';
import { PlainTables } from './plain-tables.js';
import { ShardedTables } from './sharded-tables.js';
import type { OpenOptions, Tables } from './tables.js';

export type { MemberBlock } from './member-blocks.js';
export type { FoundNumber, OpenOptions, Tables } from './tables.js';

/**
 * Opens the table set in `folder`, sharded or not: reads its manifest, and no table yet. Throws a SigtablesError TABLES where there
 * is none, where it is incomplete or damaged, or where a newer sigtables wrote it.
 */
export async function openTables(folder: string, options: OpenOptions = {}): Promise<Tables> {
  const opened = await openAnyManifest(folder);
  return opened instanceof ManifestView
    ? new PlainTables(folder, opened, options)
    : new ShardedTables(folder, opened, options);
}
