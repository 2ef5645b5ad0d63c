import { ManifestView, openAnyManifest } from '../../src/tables/manifest-view.js';

/** Opens the manifest of a plain table set. */
export async function openView(folder: string): Promise<ManifestView> {
  const opened = await openAnyManifest(folder);
  if (!(opened instanceof ManifestView)) throw new Error('it is sharded');
  return opened;
}
