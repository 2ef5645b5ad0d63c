import {
  optionMissing,
  optionNotTaken,
  optionRefused,
  optionsRefused,
  optionUnknown,
  type SigtablesError,
} from '../../errors.js';
import type { SignatureDefinition } from './definition.js';
import { describeThrown } from './thrown.js';

type Options = Readonly<Record<string, string>>;

/** What this module needs to know of an issue, whichever schema library it is from. */
interface Issue {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly path?: readonly unknown[];
  readonly keys?: readonly unknown[];
}

/**
 * What the schema of the signature at `path` makes of `options`. Throws a USAGE error that names the option: one that is
 * refused, missing, or unknown (a plain `z.object` would drop it without a word, and a misspelt option would have no effect).
 */
export function parseOptions(
  path: string,
  schema: SignatureDefinition['options'],
  options: Options,
): unknown {
  const [firstKey] = Object.keys(options);
  if (schema === undefined) {
    if (firstKey !== undefined) throw optionNotTaken(firstKey, path);
    return {};
  }
  const known = listKnown(schema);
  const result = runSchema(path, schema, options);
  if (!result.success) throw explainIssue(path, result.error.issues[0] ?? {}, options, known);
  const dropped = Object.keys(options).find((key) => isDropped(key, known, result.data));
  if (dropped !== undefined) throw optionUnknown(dropped, path, known ?? []);
  return result.data;
}

function runSchema(
  path: string,
  schema: NonNullable<SignatureDefinition['options']>,
  options: Options,
): ReturnType<typeof schema.safeParse> {
  try {
    return schema.safeParse(options);
  } catch (error) {
    throw optionsRefused(path, describeThrown(error, path));
  }
}

function explainIssue(
  path: string,
  { code, message, path: place, keys }: Issue,
  options: Options,
  known: readonly string[] | undefined,
): SigtablesError {
  const unknownKey = code === 'unrecognized_keys' ? keys?.[0] : undefined;
  if (typeof unknownKey === 'string') return optionUnknown(unknownKey, path, known ?? []);
  const issue = String(message);
  const key = place?.[0];
  if (typeof key !== 'string') return optionsRefused(path, issue);
  const value = Object.hasOwn(options, key) ? options[key] : undefined;
  return value === undefined ? optionMissing(key, path, issue) : optionRefused(key, value, path, issue);
}

/** The names in an object schema; `undefined` for a schema of another kind. */
function listKnown(schema: object): string[] | undefined {
  const shape = 'shape' in schema ? schema.shape : undefined;
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : undefined;
}

function isDropped(key: string, known: readonly string[] | undefined, parsed: unknown): boolean {
  if (known === undefined || known.includes(key)) return false;
  return typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, key);
}
