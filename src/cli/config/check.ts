import { dirname, extname, resolve } from 'node:path';
import { z } from 'zod';
import { configKeyUnknown, configNoObject, configOptionAlone, configValueWrong } from '../../errors.js';
import type { ValueKind } from '../flag.js';
import { findNearest } from '../nearest.js';
import type { Setting } from '../options.js';
import type { Config } from './current.js';
import { type ConfigFile, nameFile } from './read.js';

/** The options of a signature: an object, where the command line has one flag for each. */
const OPTIONS_KEY = 'option';

const text = z.union([
  z.string(),
  z.bigint(),
  z.number().check(z.gte(-Number.MAX_SAFE_INTEGER), z.lte(Number.MAX_SAFE_INTEGER)),
]);
const options = z.record(z.string(), z.union([text, z.boolean()]));
const SCHEMAS = { switch: z.boolean(), text, folder: z.string(), file: z.string() };
const EXPECTED: Readonly<Record<ValueKind | 'options', string>> = {
  switch: 'true or false',
  text: 'a text, or a number up to 2^53 - 1',
  folder: 'a folder, as text',
  file: 'a file or a name, as text',
  options: 'an object of texts, numbers, true or false',
};

/** What `file` says, with its keys held against `settings`. Throws a USAGE error that names the file, the key, and what belongs there. */
export function checkConfig(file: ConfigFile, settings: ReadonlyMap<string, ValueKind>): Config {
  const kinds = new Map<string, ValueKind | 'options'>([...settings, [OPTIONS_KEY, 'options']]);
  const shape = Object.fromEntries(
    Array.from(kinds, ([key, kind]) => [key, (kind === 'options' ? options : SCHEMAS[kind]).optional()]),
  );
  const content = file.content ?? {};
  const parsed = z.strictObject(shape).safeParse(content);
  if (!parsed.success) throw explain(parsed.error, file, kinds);
  const { [OPTIONS_KEY]: own = {}, ...values } = parsed.data as Record<string, unknown>;
  if (Object.keys(own as object).length > 0 && values['signature'] === undefined)
    throw configOptionAlone(file.file, OPTIONS_KEY);
  return {
    file: file.file,
    settings: new Map(
      Object.entries(values)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, toSetting(file, key, value, kinds.get(key))]),
    ),
    signatureOptions: Object.fromEntries(
      Object.entries(own as object).map(([key, value]) => [key, String(value)]),
    ),
  };
}

function toSetting(
  file: ConfigFile,
  key: string,
  value: unknown,
  kind: ValueKind | 'options' | undefined,
): Setting {
  const given = String(value);
  const name = `${file.file}: ${key}`;
  // A name such as "reduced" is no file.
  const isPath = kind === 'folder' || (kind === 'file' && (/[/\\]/.test(given) || extname(given) !== ''));
  return { text: isPath && given.trim() !== '' ? nameFile(resolve(dirname(file.path), given)) : given, name };
}

function explain(
  error: z.ZodError,
  file: ConfigFile,
  kinds: ReadonlyMap<string, ValueKind | 'options'>,
): Error {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return configKeyUnknown(file.file, key, nearestKey(key, [...kinds.keys()]));
  }
  const [key] = issue?.path ?? [];
  if (key === undefined) return configNoObject(file.file, describe(file.content));
  const value = issue?.path.reduce<unknown>(
    (at, step) => (at as Record<PropertyKey, unknown>)[step],
    file.content,
  );
  return configValueWrong(
    file.file,
    issue?.path.join('.') ?? '',
    EXPECTED[kinds.get(String(key)) ?? 'text'],
    describe(value),
  );
}

/** Flags' own spelling, as in `progress-interval`, is the nearest of all. */
function nearestKey(key: string, keys: readonly string[]): string | undefined {
  const camel = key
    .replace(/^(?:--|SIGTABLES_)/, '')
    .replace(/[-_]+([a-z])/gi, (_, letter: string) => letter.toUpperCase());
  return keys.find((candidate) => candidate.toLowerCase() === camel.toLowerCase()) ?? findNearest(key, keys);
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'bigint' ? `${value}` : JSON.stringify(value);
}
