import { openAnyManifest, ManifestView } from './manifest-view.js';
import { PlainTables } from './plain-tables.js';
import { ShardedTables } from './sharded-tables.js';
import type { OpenOptions, Tables } from './tables.js';

export type { Tables } from './tables.js';

/** See `open-tables.ts`. */
export async function openTables(folder: string, options: OpenOptions = {}): Promise<Tables> {
  const opened = await openAnyManifest(folder);
  return opened instanceof ManifestView
    ? new PlainTables(folder, opened, options)
    : new ShardedTables(folder, opened, options);
}
