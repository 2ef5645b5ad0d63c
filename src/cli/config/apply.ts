import type { Command } from 'commander';
import { checkConfig } from './check.js';
import { setConfig } from './current.js';
import { findConfigFile } from './search.js';
import { readConfigFile } from './read.js';
import { listSettings } from './settings.js';

/** Finds, reads and checks the config file of this run, if there is one. Throws a USAGE error that names the file and what is wrong. */
export async function applyConfig(program: Command): Promise<string | undefined> {
  const { config: asked } = program.opts<{ config?: string | false }>();
  if (asked === false) return undefined;
  const found = asked === undefined ? await findConfigFile(process.cwd()) : await readConfigFile(asked);
  if (found === undefined) return undefined;
  setConfig(await checkConfig(found, listSettings(program)));
  return found.file;
}
