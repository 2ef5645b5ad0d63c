import { emptyValue } from '../errors.js';
import type { VerifyOptions } from '../verify/options.js';
import type { Flags } from './flags.js';
import { findSetting, resolveCpus, resolveSwitch } from './options.js';

const DEFAULT_FOLDER = 'tables';

/** What to check and how, from the argument, flags, variables and defaults; throws a usage error that names the bad one. */
export function resolveVerify(
  folder: string | undefined,
  flags: Flags,
): Omit<VerifyOptions, 'signal' | 'onEvent'> {
  if (folder?.trim() === '') throw emptyValue('the folder');
  return {
    folder: folder ?? findSetting(flags, 'tables')?.text ?? DEFAULT_FOLDER,
    deep: resolveSwitch(flags, 'deep', false),
    repair: resolveSwitch(flags, 'repair', false),
    cpus: resolveCpus(flags),
  };
}
