import type { BuildOptions } from '../build/options.js';
import {
  chunkTooSmall,
  emptyValue,
  intervalOutOfBounds,
  missingRange,
  missingValue,
  notAChoice,
  notASwitch,
  portMalformed,
  shardMalformed,
  signalUnknown,
} from '../errors.js';
import { LAYOUT_NAMES } from '../layouts/layout-name.js';
import { MAX_PROGRESS_INTERVAL_S, MAX_SHARDS, MIN_PROGRESS_INTERVAL_S } from '../limits.js';
import type { MergeOptions } from '../merge/options.js';
import { parseNumber } from '../range/expression.js';
import { parseRange } from '../range/parse-range.js';
import type { Shard } from '../range/shards.js';
import { findConfigured } from './config/current.js';
import { detectCpus, parseCpus } from './cpus.js';
import { type Flags, IGNORABLE_SIGNALS, NO_SIGNALS, PROGRESS_MODES, type ProgressMode } from './flags.js';
import { PATH_KEYS, requireUtf8Path } from './path-check.js';
import { STOP_SIGNALS, type StopSignal } from './ignored-signals.js';

/** A value as it was given, with what it was given by: a flag, a variable or a config file, for messages to name. */
export interface Setting {
  readonly text: string;
  readonly name: string;
}

export type SelectionOptions = Pick<BuildOptions, 'range' | 'shard' | 'cpus' | 'chunk' | 'layout' | 'out'>;

export interface ProgressOptions {
  readonly mode: ProgressMode;
  readonly intervalMs: number;
  readonly isQuiet: boolean;
}

const DEFAULT_OUT = 'tables';
const DEFAULT_INTERVAL_S = 30;
const MAX_PORT = 65_535;

/** What to build, from flags, then variables, then defaults; throws a usage error that names the bad one. A range begins at `start` at the lowest. */
export function resolveSelection(flags: Flags, start: bigint): SelectionOptions {
  const range = findSetting(flags, 'range');
  if (range === undefined) throw missingRange();
  const shard = resolveShard(flags);
  return {
    range: parseRange(range.text, range.name, start),
    ...(shard && { shard }),
    cpus: resolveCpus(flags),
    chunk: resolveChunk(flags),
    layout: resolveChoice(flags, 'layout', LAYOUT_NAMES, 'signature'),
    out: findSetting(flags, 'out')?.text ?? DEFAULT_OUT,
  };
}

/** All that a merge needs to know but its folders; throws as `resolveSelection` does. */
export function resolveMerge(flags: Flags): Omit<MergeOptions, 'folders' | 'signal' | 'onEvent'> {
  const asked = findSetting(flags, 'layout');
  return {
    ...resolveFolder(flags),
    layout: asked && resolveChoice(flags, 'layout', LAYOUT_NAMES, 'signature'),
    chunk: resolveChunk(flags),
    cpus: resolveCpus(flags),
    out: findSetting(flags, 'out')?.text ?? DEFAULT_OUT,
  };
}

/** What a build tells while it runs; throws as `resolveSelection` does. */
export function resolveProgress(flags: Flags): ProgressOptions {
  return {
    mode: resolveChoice(flags, 'progress', PROGRESS_MODES, 'auto'),
    intervalMs: resolveIntervalMs(flags),
    isQuiet: resolveSwitch(flags, 'quiet', false),
  };
}

/**
 * The signals to ignore: names from a list such as `HUP,INT`, in any case, with or without SIG before them, or `none`;
 * throws as `resolveSelection` does.
 */
export function resolveIgnoredSignals(flags: Flags): StopSignal[] {
  const setting = findSetting(flags, 'ignoreSignals');
  if (setting === undefined || setting.text.trim().toLowerCase() === NO_SIGNALS) return [];
  return setting.text.split(',').map((word) => {
    const name = word.trim().toUpperCase().replace(/^SIG/, '');
    const signal = STOP_SIGNALS.find((candidate) => candidate === `SIG${name}`);
    if (!signal) throw signalUnknown(setting.name, setting.text, IGNORABLE_SIGNALS);
    return signal;
  });
}

/** Whether the result is asked for as JSON; throws as `resolveSelection` does. */
export function resolveJson(flags: Flags): boolean {
  return resolveSwitch(flags, 'json', false);
}

/** How a build treats its folder; throws as `resolveSelection` does. */
export function resolveFolder(flags: Flags): Pick<BuildOptions, 'force' | 'sync'> {
  return { force: resolveSwitch(flags, 'force', false), sync: resolveSwitch(flags, 'sync', true) };
}

/** How many CPUs to use; throws as `resolveSelection` does. */
export function resolveCpus(flags: Flags): number {
  const cpus = findSetting(flags, 'cpus');
  return cpus === undefined ? detectCpus().cpus : parseCpus(cpus.text, cpus.name);
}

function resolveShard(flags: Flags): Shard | undefined {
  const setting = findSetting(flags, 'shard');
  if (setting === undefined) return undefined;
  const [, index, count] = /^(\d{1,9})\/(\d{1,9})$/.exec(setting.text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  const isPart = shard.index >= 1 && shard.index <= shard.count && shard.count <= MAX_SHARDS;
  if (!isPart) throw shardMalformed(setting.name, setting.text, MAX_SHARDS);
  return shard;
}

/** What was given for `key` by its flag, else by its variable, else by the config file; throws as `resolveSelection` does. */
export function findSetting(flags: Flags, key: string): Setting | undefined {
  const flag = flags[key];
  const words = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const variable = `SIGTABLES_${words.replaceAll('-', '_').toUpperCase()}`;
  const text = flag ?? process.env[variable];
  const given = { text: String(text), name: flag === undefined ? variable : `--${words}` };
  const setting = text === undefined ? findConfigured(key) : given;
  if (setting === undefined) return undefined;
  if (setting.text.trim() === '') throw emptyValue(setting.name);
  if (setting.text.startsWith('--')) throw missingValue(setting.name, setting.text);
  if (PATH_KEYS.has(key)) requireUtf8Path(setting.name, setting.text);
  return setting;
}

/** The port that a setting names, 0 for any free one; throws as `resolveSelection` does. */
export function parsePort({ text, name }: Setting): number {
  const port = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
  if (!(port <= MAX_PORT)) throw portMalformed(name, text);
  return port;
}

/** Whether the flag or variable of `key` says yes; throws as `resolveSelection` does. */
export function resolveSwitch(flags: Flags, key: string, fallback: boolean): boolean {
  const setting = findSetting(flags, key);
  if (setting === undefined) return fallback;
  const text = setting.text.toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(text)) return true;
  if (['0', 'false', 'no', 'off'].includes(text)) return false;
  throw notASwitch(setting.name, setting.text);
}

function resolveChoice<T extends string>(flags: Flags, key: string, choices: readonly T[], fallback: T): T {
  const setting = findSetting(flags, key);
  if (setting === undefined) return fallback;
  const choice = choices.find((candidate) => candidate === setting.text);
  if (choice === undefined) throw notAChoice(setting.name, setting.text, choices);
  return choice;
}

function resolveChunk(flags: Flags): bigint | undefined {
  const setting = findSetting(flags, 'chunk');
  if (setting === undefined) return undefined;
  const chunk = parseNumber(setting.text, setting.name);
  if (chunk < 1n) throw chunkTooSmall(setting.name, setting.text);
  return chunk;
}

function resolveIntervalMs(flags: Flags): number {
  const setting = findSetting(flags, 'progressInterval');
  if (setting === undefined) return DEFAULT_INTERVAL_S * 1000;
  const seconds = /^\d+(\.\d+)?$/.test(setting.text) ? Number(setting.text) : NaN;
  if (!(seconds >= MIN_PROGRESS_INTERVAL_S && seconds <= MAX_PROGRESS_INTERVAL_S)) {
    throw intervalOutOfBounds(setting.name, setting.text, MIN_PROGRESS_INTERVAL_S, MAX_PROGRESS_INTERVAL_S);
  }
  return seconds * 1000;
}
