import { extname, resolve } from 'node:path';
import { optionMalformed, optionNotTaken, optionTwice, missingValue, signatureUnknown } from '../errors.js';
import type { SignatureSource } from '../signatures/plug-in/source.js';
import { configuredOptions } from './config/current.js';
import type { Flags } from './flags.js';
import { findSetting } from './options.js';

/** The signature that a command line means. */
export type SignatureChoice =
  { readonly kind: 'built-in' } | { readonly kind: 'file'; readonly source: SignatureSource };

const BUILT_IN = 'reduced';
const OPTION_FLAG = '--option';

/** Which signature is meant and how it is set; throws a usage error that names the bad flag or variable. Looks at no file. */
export function resolveSignature(flags: Flags): SignatureChoice {
  const setting = findSetting(flags, 'signature');
  const options = { ...configuredOptions(setting), ...parseOptionFlags(flags['option']) };
  if (setting === undefined || setting.text === BUILT_IN) {
    const [key] = Object.keys(options);
    if (key !== undefined) throw optionNotTaken(key, BUILT_IN);
    return { kind: 'built-in' };
  }
  const { text, name } = setting;
  if (!/[/\\]/.test(text) && extname(text) === '') throw signatureUnknown(name, text, BUILT_IN);
  return { kind: 'file', source: { path: resolve(text), options } };
}

/** All options of a signature; throws as `resolveSignature` does. */
export function parseOptionFlags(given: Flags[string]): Record<string, string> {
  const entries = (Array.isArray(given) ? given : []).map(parseOption);
  const keys = entries.map(([key]) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) throw optionTwice(OPTION_FLAG, twice);
  return Object.fromEntries(entries);
}

/** One `key=value`: the value is what follows the first "=", and may be empty. */
function parseOption(text: string): [key: string, value: string] {
  if (text.startsWith('--')) throw missingValue(OPTION_FLAG, text);
  const at = text.indexOf('=');
  const key = text.slice(0, at).trim();
  if (at < 0 || key === '') throw optionMalformed(OPTION_FLAG, text);
  return [key, text.slice(at + 1)];
}
