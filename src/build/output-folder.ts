import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { folderHoldsForeignFiles, folderHoldsOtherSet, outputIsNoFolder, tableFileWrong } from '../errors.js';
import { SigtablesError } from '../errors.js';
import type { Layout } from '../layouts/layout.js';
import { BUILD_FOLDER, MANIFEST_NAME, readManifest, type Manifest } from '../tables/manifest.js';
import type { PlanFacts } from './options.js';

/** What is in the output folder before a build. */
export interface FolderContent {
  /** Names of table sets' files, hidden files and the manifest left out. */
  readonly names: readonly string[];
  readonly exists: boolean;
  /** The manifest that stands there; `damaged` where it cannot be read. */
  readonly manifest: Manifest | 'damaged' | undefined;
}

/** Looks at the folder `out`. Throws OUTPUT if it is no folder. */
export async function inspectFolder(out: string): Promise<FolderContent> {
  const entries = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    if (error.code === 'ENOTDIR') throw outputIsNoFolder(out);
    throw error;
  });
  if (!entries) return { names: [], exists: false, manifest: undefined };
  const manifest = entries.includes(MANIFEST_NAME) ? await readManifestIfSound(out) : undefined;
  const names = entries.filter((name) => name !== MANIFEST_NAME && !name.startsWith('.'));
  return { names, exists: true, manifest };
}

async function readManifestIfSound(out: string): Promise<Manifest | 'damaged'> {
  try {
    return await readManifest(out);
  } catch (error) {
    if (error instanceof SigtablesError && error.code === 'TABLES') return 'damaged';
    throw error;
  }
}

/** Whether `manifest` is what the plan would leave. */
export function holdsPlan(manifest: Manifest, plan: PlanFacts): boolean {
  return (
    manifest.signature.name === plan.signature.name &&
    manifest.signature.version === plan.signature.version &&
    manifest.range.start === plan.range.start &&
    manifest.range.end === plan.range.end &&
    manifest.layout === plan.layout &&
    (plan.layout !== 'job' || manifest.chunk === plan.chunk)
  );
}

/** Throws TABLES if a file that the manifest names is absent or has another size. */
export async function checkTableFiles(out: string, manifest: Manifest): Promise<void> {
  for (const { file, bytes } of manifest.files) {
    const found = await stat(join(out, file)).catch(() => undefined);
    if (!found?.isFile() || BigInt(found.size) !== bytes)
      throw tableFileWrong(join(out, file), bytes, found?.size);
  }
}

/**
 * Refuses a folder that holds another table set, or files that are not ours: without `force` any such file, with it
 * only one whose name the build needs.
 */
export function refuseForeignContent(
  out: string,
  { names, manifest }: FolderContent,
  layout: Layout,
  ours: ReadonlySet<string>,
  force: boolean,
): void {
  if (manifest && !force) throw folderHoldsOtherSet(out, manifest === 'damaged' ? undefined : manifest);
  const known = new Set(manifest && manifest !== 'damaged' ? manifest.files.map(({ file }) => file) : []);
  const foreign = names.filter((name) => !known.has(name) && !ours.has(name));
  if (foreign.length === 0) return;
  const needed = new Set(Array.from({ length: layout.fileCount }, (_, file) => layout.fileName(file)));
  const clash = foreign.find((name) => needed.has(name));
  if (clash !== undefined) throw folderHoldsForeignFiles(out, clash, true);
  if (!force) throw folderHoldsForeignFiles(out, foreign[0] ?? '', false);
}

/** The folder of what a running or interrupted build needs. */
export function buildFolderOf(out: string): string {
  return join(out, BUILD_FOLDER);
}
