import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url));
let folder: string | undefined;
const built = new Set<string>();

/** The URL of `src/<path>.ts` as JavaScript, with all it imports, for child processes: Node 20 runs no TypeScript. */
export function bundledModule(path: string): string {
  folder ??= mkdtempSync(join(tmpdir(), 'sigtables-js-'));
  const outfile = join(folder, `${path}.mjs`);
  // Once: a child that was started may be reading it.
  if (built.has(outfile)) return pathToFileURL(outfile).href;
  built.add(outfile);
  buildSync({
    entryPoints: [join(SOURCE, `${path}.ts`)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outfile,
  });
  return pathToFileURL(outfile).href;
}

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
});
