import type { Command } from 'commander';
import { listSettings } from '../flag.js';
import { setConfig } from './current.js';
import { readConfigFile } from './read.js';
import { findConfigFile } from './search.js';

/** Finds, reads and checks the config file of this run, if there is one. Throws a USAGE error that names the file and what is wrong. */
export async function applyConfig(program: Command): Promise<string | undefined> {
  const { config: asked } = program.opts<{ config?: string | false }>();
  if (asked === false) return undefined;
  const found = asked === undefined ? await findConfigFile(process.cwd()) : await readConfigFile(asked);
  if (found === undefined) return undefined;
  // zod takes longer to load than most commands take to run.
  const { checkConfig } = await import('./check.js');
  setConfig(checkConfig(found, listSettings(program)));
  return found.file;
}
