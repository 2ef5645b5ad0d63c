import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// Here and in `built-file.ts` alone it is known where the package's own files are: `src/` and `dist/` stand right in it, and
// what is built stands right in `dist/`.

/** The version of this package, from its package.json. */
export const VERSION = readPackage().version;

/** The packages that some commands use where the user has installed them. */
export function listOptionalPackages(): string[] {
  return Object.keys(readPackage().peerDependencies ?? {});
}

function readPackage(): { version: string; peerDependencies?: Record<string, string> } {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
    version: string;
    peerDependencies?: Record<string, string>;
  };
}
