import { resolve } from 'node:path';
import type { QueueWorkerOptions } from '../distributed/worker-options.js';
import type { LoadedSignature } from '../signatures/plug-in/source.js';
import { resolveMaxMemory } from './build-options.js';
import type { Flags } from './flags.js';
import { findSetting, resolveCpus } from './options.js';
import { requireUtf8Path } from './path-check.js';
import { resolveQueue } from './queue-options.js';
import { parseOptionFlags } from './signature-options.js';

/** A signature's file as a worker was given it, with the options that follow it. */
export interface GivenSignature {
  readonly path: string;
  readonly options: string[];
}

/** All that a worker needs to know, its signatures loaded; rejects as `resolveSelection` throws. */
export async function resolveWorker(
  flags: Flags,
  given: readonly GivenSignature[],
): Promise<Omit<QueueWorkerOptions, 'signal' | 'cut' | 'onEvent'>> {
  for (const { path } of given) requireUtf8Path('--signature', path);
  const maxMemoryBytes = resolveMaxMemory(flags);
  return {
    address: await resolveQueue(flags),
    root: findSetting(flags, 'root')?.text ?? '.',
    cpus: resolveCpus(flags),
    maxMemoryBytes,
    plugIns: await loadAll(given, maxMemoryBytes),
  };
}

async function loadAll(
  given: readonly GivenSignature[],
  maxMemoryBytes: number | undefined,
): Promise<LoadedSignature[]> {
  if (given.length === 0) return [];
  const [{ loadSignature }, { guardPlugIn }] = await Promise.all([
    import('../signatures/plug-in/load.js'),
    import('./plug-in-guard.js'),
  ]);
  const loaded: LoadedSignature[] = [];
  for (const { path, options } of given) {
    const source = { path: resolve(path), options: parseOptionFlags(options) };
    loaded.push(await guardPlugIn(source.path, () => loadSignature(source), maxMemoryBytes));
  }
  return loaded;
}
