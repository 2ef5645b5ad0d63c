import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { listOptionalPackages } from '../../package.js';

/** The versions of the optional packages where the commands would find them; `null` for those that are not installed. */
export function findOptionalParts(): Record<string, string | null> {
  return Object.fromEntries(listOptionalPackages().map((name) => [name, findVersion(name)]));
}

/** Read from its folder: many packages do not export their package.json. */
function findVersion(name: string): string | null {
  for (const folder of createRequire(import.meta.filename).resolve.paths(name) ?? []) {
    try {
      const text = readFileSync(join(folder, name, 'package.json'), 'utf8');
      return (JSON.parse(text) as { version?: string }).version ?? null;
    } catch {
      // Not in this one.
    }
  }
  return null;
}
