import { emptyValue, signatureNeedsDeep } from '../errors.js';
import type { LoadedSignature } from '../signatures/plug-in/source.js';
import type { VerifyOptions } from '../verify/options.js';
import type { Flags } from './flags.js';
import { findSetting, resolveCpus, resolveSwitch } from './options.js';
import { resolveSignature } from './signature-options.js';

const DEFAULT_FOLDER = 'tables';

/**
 * What to check and how, from the argument, flags, variables and defaults, the signature's file loaded; rejects with a usage error that names
 * the bad one.
 */
export async function resolveVerify(
  folder: string | undefined,
  flags: Flags,
): Promise<Omit<VerifyOptions, 'signal' | 'onEvent'>> {
  if (folder?.trim() === '') throw emptyValue('the folder');
  const plugIn = await loadPlugIn(flags);
  return {
    folder: folder ?? findSetting(flags, 'tables')?.text ?? DEFAULT_FOLDER,
    deep: resolveSwitch(flags, 'deep', false),
    repair: resolveSwitch(flags, 'repair', false),
    cpus: resolveCpus(flags),
    ...(plugIn && { plugIn }),
  };
}

/** Only what the command line names: a variable or a config file tells what to build, which this table set need not be. */
async function loadPlugIn(flags: Flags): Promise<LoadedSignature | undefined> {
  if (flags['signature'] === undefined && flags['option'] === undefined) return undefined;
  const choice = resolveSignature(flags);
  if (!resolveSwitch(flags, 'deep', false)) throw signatureNeedsDeep();
  if (choice.kind === 'built-in') return undefined;
  const [{ loadSignature }, { guardPlugIn }] = await Promise.all([
    import('../signatures/plug-in/load.js'),
    import('./plug-in-guard.js'),
  ]);
  return guardPlugIn(choice.source.path, () => loadSignature(choice.source));
}
