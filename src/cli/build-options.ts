import { AGGREGATE_NAMES, LIST } from '../aggregates/open-aggregate.js';
import type { BuildOptions } from '../build/options.js';
import type { QueueAddress } from '../distributed/queue-address.js';
import {
  aggregateUnknown,
  memoryMalformed,
  noMergeWithoutQueue,
  rangeBeyondEnd,
  retriesMalformed,
  timeoutMalformed,
} from '../errors.js';
import { MAX_RETRIES, MAX_TIMER_MS } from '../limits.js';
import type { LoadedSignature } from '../signatures/plug-in/source.js';
import { REDUCED_START } from '../signatures/reduced/census.js';
import type { Flags } from './flags.js';
import {
  findSetting,
  resolveFolder,
  resolveSelection,
  resolveSwitch,
  type SelectionOptions,
} from './options.js';
import { resolveSignature } from './signature-options.js';

/** What to build, by which signature. */
export type SignedSelection = SelectionOptions & Pick<BuildOptions, 'plugIn' | 'aggregate'>;

/** A build, and the queue that it is shared through where it is. */
export type SharedBuildOptions = Omit<BuildOptions, 'signal' | 'onEvent'> & {
  readonly address?: QueueAddress;
  readonly root?: string | undefined;
  readonly merges?: boolean;
};

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
};

/** All that a build needs to know, its signature's file loaded; rejects as `resolveSelection` throws. */
export async function resolveBuild(flags: Flags): Promise<SharedBuildOptions> {
  const address = await findQueueOf(flags);
  const root = findSetting(flags, 'root')?.text;
  const merges = resolveSwitch(flags, 'merge', true);
  if (!merges && !address) throw noMergeWithoutQueue();
  const jobTimeoutMs = resolveJobTimeoutMs(flags);
  const retries = resolveRetries(flags);
  const maxMemoryBytes = resolveMaxMemory(flags);
  return {
    ...(await resolveSigned(flags)),
    ...resolveFolder(flags),
    maxMemoryBytes,
    ...(jobTimeoutMs !== undefined && { jobTimeoutMs }),
    ...(retries !== undefined && { retries }),
    ...(address && { address, root, merges }),
  };
}

/** Without a queue named, nothing of it is loaded. */
async function findQueueOf(flags: Flags): Promise<QueueAddress | undefined> {
  const isNamed = ['queue', 'queueFile'].some((key) => findSetting(flags, key) !== undefined);
  return isNamed ? (await import('./queue-options.js')).findQueue(flags) : undefined;
}

/** What to build and by which signature, its file loaded; rejects as `resolveSelection` throws. */
export async function resolveSigned(flags: Flags): Promise<SignedSelection> {
  const choice = resolveSignature(flags);
  if (choice.kind === 'built-in') {
    return { ...resolveSelection(flags, REDUCED_START), aggregate: resolveAggregate(flags, []) };
  }
  const [{ loadSignature }, { guardPlugIn }] = await Promise.all([
    import('../signatures/plug-in/load.js'),
    import('./plug-in-guard.js'),
  ]);
  const plugIn = await guardPlugIn(
    choice.source.path,
    () => loadSignature(choice.source),
    resolveMaxMemory(flags),
  );
  const selection = resolveSelection(flags, plugIn.start);
  const { end } = plugIn;
  const range = findSetting(flags, 'range');
  if (range && end !== undefined && selection.range.end > end)
    throw rangeBeyondEnd(range.name, range.text, end);
  return { ...selection, plugIn, aggregate: resolveAggregate(flags, ownAggregates(plugIn)) };
}

function ownAggregates({ definition }: LoadedSignature): readonly string[] {
  return Object.keys(definition.aggregates ?? {});
}

function resolveAggregate(flags: Flags, own: readonly string[]): string {
  const setting = findSetting(flags, 'aggregate');
  if (!setting) return LIST;
  const names = [...AGGREGATE_NAMES, ...own];
  if (!names.includes(setting.text)) throw aggregateUnknown(setting.name, setting.text, names);
  return setting.text;
}

/** What may be used of the memory, in bytes; throws as `resolveSelection` does. */
export function resolveMaxMemory(flags: Flags): number | undefined {
  const setting = findSetting(flags, 'maxMemory');
  if (!setting) return undefined;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?$/i.exec(setting.text.trim()) ?? [];
  const bytes = Number(amount) * (UNITS[unit.toLowerCase()] ?? NaN);
  if (!(bytes >= 1 && Number.isFinite(bytes))) throw memoryMalformed(setting.name, setting.text);
  return Math.floor(bytes);
}

function resolveJobTimeoutMs(flags: Flags): number | undefined {
  const setting = findSetting(flags, 'jobTimeout');
  if (!setting) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(setting.text) ? Number(setting.text) : NaN;
  // Timers count whole milliseconds.
  const ms = Math.ceil(seconds * 1000);
  if (!(ms > 0 && ms <= MAX_TIMER_MS)) throw timeoutMalformed(setting.name, setting.text);
  return ms;
}

function resolveRetries(flags: Flags): number | undefined {
  const setting = findSetting(flags, 'retries');
  if (!setting) return undefined;
  const retries = /^\d+$/.test(setting.text) ? Number(setting.text) : NaN;
  if (!(retries <= MAX_RETRIES)) throw retriesMalformed(setting.name, setting.text, MAX_RETRIES);
  return retries;
}
