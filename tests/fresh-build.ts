import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Stops the run when `dist/` is missing or older than `src/`: tests of stale code prove nothing. */
export default async function setup(): Promise<void> {
  const built = join(ROOT, 'dist/main.cjs');
  const builtMs = await readModifiedMs(built);
  if (builtMs === undefined) throw new Error(`${built} is missing: run "npm run build", or "npm test".`);
  const sources = await readdir(join(ROOT, 'src'), { recursive: true });
  for (const source of sources.filter((path) => path.endsWith('.ts'))) {
    const sourceMs = await readModifiedMs(join(ROOT, 'src', source));
    if (sourceMs !== undefined && sourceMs > builtMs)
      throw new Error(`src/${source} is newer than what is built: run "npm run build", or "npm test".`);
  }
}

async function readModifiedMs(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return undefined;
  }
}
