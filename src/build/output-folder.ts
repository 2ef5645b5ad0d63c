import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { READ_PLAIN } from '../files/plain-file.js';
import { LIST } from '../aggregates/open-aggregate.js';
import {
  folderHoldsForeignFiles,
  folderHoldsOtherSet,
  outputIsNoFolder,
  tableFileWrong,
  tableNotAFile,
} from '../errors.js';
import { SigtablesError } from '../errors.js';
import { readNameDigits, type Layout } from '../layouts/layout.js';
import { STATS_AT_ONCE } from '../limits.js';
import {
  BUILD_FOLDER,
  MANIFEST_NAME,
  isSharded,
  manifestPath,
  readAnyManifest,
  type Manifest,
} from '../tables/manifest.js';
import { forEachAtOnce } from './at-once.js';
import type { PlanFacts } from './options.js';
import { countNameDigits } from './plan.js';

/** What is in the output folder before a build. */
export interface FolderContent {
  /** Names of everything but hidden files and sigtables' own manifest. */
  readonly names: readonly string[];
  /** The manifest that stands there; `damaged` where it cannot be read. */
  readonly manifest: Manifest | 'damaged' | undefined;
  /** The manifest of a table set whose replacement has begun. */
  readonly withdrawn: Manifest | 'damaged' | undefined;
}

/** Looks at the folder `out`. Throws OUTPUT if it is no folder. */
export async function inspectFolder(out: string): Promise<FolderContent> {
  const entries = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    if (error.code === 'ENOTDIR') throw outputIsNoFolder(out);
    throw error;
  });
  if (!entries) return { names: [], manifest: undefined, withdrawn: undefined };
  const manifest = await readOwnManifest(out);
  const withdrawn = await readOwnManifest(buildFolderOf(out));
  const names = entries.filter((name) => !name.startsWith('.') && !(manifest && name === MANIFEST_NAME));
  return { names, manifest, withdrawn };
}

/** The manifest of a table set in `folder`; nothing where none is, or one that something else wrote. */
async function readOwnManifest(folder: string): Promise<Manifest | 'damaged' | undefined> {
  const head = await readHead(manifestPath(folder));
  return head !== undefined && OWN_MANIFEST.test(head) ? readManifestIfSound(folder) : undefined;
}

/** Also what a power cut may make of it: an empty file, or one of zero bytes. */
const OWN_MANIFEST = /^(?:$|\0|\{\s*"format":\s*"sigtables")/;
const HEAD_BYTES = 100;

async function readHead(path: string): Promise<string | undefined> {
  try {
    const handle = await open(path, READ_PLAIN);
    try {
      if (!(await handle.stat()).isFile()) return undefined;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}

async function readManifestIfSound(out: string): Promise<Manifest | 'damaged'> {
  try {
    return await readAnyManifest(out);
  } catch (error) {
    if (error instanceof SigtablesError && error.code === 'TABLES') return 'damaged';
    throw error;
  }
}

/** Whether `manifest` is what the plan would leave, which is never a sharded set. */
export function holdsPlan(manifest: Manifest, plan: PlanFacts): boolean {
  return (
    !isSharded(manifest) &&
    isDeepStrictEqual(manifest.signature, plan.signature) &&
    (manifest.aggregate ?? LIST) === plan.aggregate &&
    manifest.range.start === plan.range.start &&
    manifest.range.end === plan.range.end &&
    manifest.layout === plan.layout &&
    (plan.layout !== 'job' || hasJobsOf(manifest, plan))
  );
}

/** Whether the files of a layout `job` are cut and named as the plan's. */
function hasJobsOf({ chunk, files }: Manifest, plan: PlanFacts): boolean {
  return chunk === plan.chunk && readNameDigits(files[0]?.file ?? '') === countNameDigits(plan);
}

/** Throws TABLES if a file that the manifest names is absent or has another size. */
export async function checkTableFiles(out: string, { files }: Manifest): Promise<void> {
  await forEachAtOnce(files, STATS_AT_ONCE, async ({ file, bytes }) => {
    const path = join(out, file);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isSymbolicLink() === true) throw tableNotAFile(path);
    if (!found?.isFile() || BigInt(found.size) !== bytes) throw tableFileWrong(path, bytes, found?.size);
  });
}

/**
 * The names that table sets in the folder account for. A damaged manifest accounts for whatever the build needs: there
 * is nobody else to ask.
 */
export function listOwnNames(
  { manifest, withdrawn }: FolderContent,
  listNeeded: () => Iterable<string>,
): string[] {
  return [manifest, withdrawn].flatMap((held) => {
    if (held === 'damaged') return [...listNeeded()];
    return held ? held.files.map(({ file }) => file) : [];
  });
}

/**
 * Refuses a folder that holds another table set, or files that are not `own`: without `force` any such file, with it
 * only one whose name the build needs.
 */
export function refuseForeignContent(
  out: string,
  { names, manifest }: FolderContent,
  listNeeded: () => Iterable<string>,
  own: ReadonlySet<string>,
  force: boolean,
): void {
  if (manifest && !force) throw folderHoldsOtherSet(out, manifest === 'damaged' ? undefined : manifest);
  const foreign = names.filter((name) => !own.has(name));
  if (foreign.length === 0) return;
  const needed = new Set([...listNeeded(), MANIFEST_NAME]);
  const clash = foreign.find((name) => needed.has(name));
  if (clash !== undefined) throw folderHoldsForeignFiles(out, clash, true);
  if (!force) throw folderHoldsForeignFiles(out, foreign[0] ?? '', false);
}

/** The names of all table files. */
export function* listNames(layout: Layout): Generator<string> {
  for (let file = 0; file < layout.fileCount; file++) yield layout.fileName(file);
}

/** The folder of what a running or interrupted build needs. */
export function buildFolderOf(out: string): string {
  return join(out, BUILD_FOLDER);
}
