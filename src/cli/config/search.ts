import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { MODULE_EXTENSIONS } from '../../signatures/plug-in/import-module.js';
import { type ConfigFile, NAME, PACKAGE, readFoundConfig } from './read.js';

/** In the order in which a folder is looked through. */
const DATA_PLACES = [`${NAME}.config.json`, `.${NAME}rc`, `.${NAME}rc.json`, PACKAGE];
const CODE_PLACES = MODULE_EXTENSIONS.map((extension) => `${NAME}.config${extension}`);

/**
 * The nearest config file from `folder` upward, to the home folder or the root. Files that are code run only in the project that
 * `folder` is in: up to the nearest package.json or .git. Throws a USAGE error for a file that is broken or of another user.
 */
export async function findConfigFile(folder: string, home = homedir()): Promise<ConfigFile | undefined> {
  const project = findProject(folder, home);
  const own = await search(folder, project, [...DATA_PLACES, ...CODE_PLACES]);
  const above = dirname(project);
  if (own !== undefined || project === resolve(home) || above === project) return own;
  return await search(above, home, DATA_PLACES);
}

function findProject(folder: string, home: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, PACKAGE)) || existsSync(join(at, '.git'))) return at;
    if (at === resolve(home) || dirname(at) === at) return resolve(folder);
  }
}

async function search(
  from: string,
  last: string,
  places: readonly string[],
): Promise<ConfigFile | undefined> {
  for (let at = resolve(from); ; at = dirname(at)) {
    for (const place of places) {
      const found = await readFoundConfig(join(at, place));
      if (found) return found;
    }
    if (at === resolve(last) || at === dirname(at)) return undefined;
  }
}
