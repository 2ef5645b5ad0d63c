import { LAYOUT_NAMES } from '../layouts/layout-name.js';
import { MAX_EXPRESSION_DIGITS } from '../limits.js';
import type { Manifest, ManifestBucket, ManifestFile, ManifestHead, ManifestShard } from './manifest.js';
import { findContradiction, isPlainFileName } from './manifest-consistency.js';

type Fields = Readonly<Record<string, unknown>>;

const ZERO = 48; // "0" in ASCII
/** Longer numbers are not exact as `number`. */
const EXACT_DIGITS = 15;

/** Whatever is not as it must be: the schema finds words for it. */
class Unexpected extends Error {}

/**
 * The manifest that `text` holds where all of it is as it must be; `undefined` otherwise. The same as the schema says,
 * by hand: loading and running that takes longer than most lookups.
 */
export function parseManifestQuickly(text: string): Manifest | undefined {
  try {
    const manifest = readDocument(JSON.parse(text) as Fields);
    return findContradiction(manifest) === undefined ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function readDocument(fields: Fields): Manifest {
  if (fields['shards'] !== undefined) return readSharded(fields);
  return {
    ...readHead(fields),
    files: takeList(fields['files']).map(readFile),
    buckets: takeList(fields['buckets']).map(readBucket),
  };
}

function readSharded(fields: Fields): Manifest {
  const { shards, files, buckets, ...head } = fields;
  if (files !== undefined || buckets !== undefined) throw new Unexpected();
  return { ...readHead(head), files: [], buckets: [], shards: takeList(shards).map(readShard) };
}

function readShard(value: unknown): ManifestShard {
  const { folder, start, end, count, bytes, checksum } = takeMembers(value, 6);
  if (typeof checksum !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(checksum)) throw new Unexpected();
  const range = { start: takeWhole(start), end: takeWhole(end) };
  return { folder: takeFileName(folder), range, count: takeWhole(count), bytes: takeWhole(bytes), checksum };
}

/** What a manifest says of the table set as a whole. Throws where anything is not as it must be. */
export function readHead(fields: Fields): ManifestHead & Pick<Manifest, 'format' | 'formatVersion'> {
  const { format, formatVersion, layout, chunk, aggregate, bucketList, remainders } = fields;
  if (fields['shards'] !== undefined) throw new Unexpected();
  const layoutName = LAYOUT_NAMES.find((name) => name === layout);
  if (format !== 'sigtables' || (formatVersion !== 1 && formatVersion !== 2) || layoutName === undefined)
    throw new Unexpected();
  const { start, end } = takeMembers(fields['range'], 2);
  return {
    format,
    formatVersion,
    signature: readSignature(fields['signature']),
    ...(aggregate !== undefined && { aggregate: takeText(aggregate) }),
    ...(bucketList !== undefined && { bucketList: readLineFile(bucketList) }),
    ...(remainders !== undefined && { remainders: readLineFile(remainders) }),
    range: { start: takeWhole(start), end: takeWhole(end) },
    layout: layoutName,
    ...(chunk !== undefined && { chunk: takeWhole(chunk) }),
    count: takeWhole(fields['count']),
    bytes: takeWhole(fields['bytes']),
  };
}

function readSignature(value: unknown): Manifest['signature'] {
  const { name, version, fileHash, options } = value as Fields;
  const optional = {
    ...(fileHash !== undefined && { fileHash: takeText(fileHash) }),
    ...readOptions(options),
  };
  takeMembers(value, 2 + Object.keys(optional).length);
  return { name: takeText(name), version: takeText(version), ...optional };
}

function readLineFile(value: unknown): NonNullable<Manifest['bucketList']> {
  const { file, count } = takeMembers(value, 2);
  return { file: takeFileName(file), count: takeWhole(count) };
}

function readOptions(value: unknown): Pick<Manifest['signature'], 'options'> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unexpected();
  const entries = Object.entries(value).map(([key, text]) => [key, takeText(text)] as const);
  return { options: Object.fromEntries(entries) };
}

/** An entry of a manifest's list of files. Throws where anything is not as it must be. */
export function readFile(value: unknown): ManifestFile {
  const { file, bytes, crc32 } = takeMembers(value, 3);
  if (typeof crc32 !== 'string' || !/^[0-9a-f]{8}$/.test(crc32)) throw new Unexpected();
  return { file: takeFileName(file), bytes: takeWhole(bytes), crc32: parseInt(crc32, 16) };
}

/** An entry of a manifest's list of buckets. Throws where anything is not as it must be. */
export function readBucket(value: unknown): ManifestBucket {
  const { key, file, offset, count, bytes, first, last } = value as Fields;
  takeMembers(value, file === undefined ? 5 : 7);
  // That it is one of the files shows when the bucket is looked for in it.
  const place = file === undefined ? {} : { file: takeText(file), offset: takeWhole(offset) };
  const sizes = { count: takeWhole(count), bytes: takeWhole(bytes) };
  return { key: takeText(key), ...place, ...sizes, first: takeWhole(first), last: takeWhole(last) };
}

/** An object with so many members; which ones, shows when they are read. */
function takeMembers(value: unknown, count: number): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unexpected();
  if (Object.keys(value).length !== count) throw new Unexpected();
  return value as Fields;
}

function takeList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Unexpected();
  return value;
}

function takeText(value: unknown): string {
  if (typeof value !== 'string') throw new Unexpected();
  return value;
}

function takeFileName(value: unknown): string {
  const name = takeText(value);
  if (!isPlainFileName(name)) throw new Unexpected();
  return name;
}

/** Most numbers are short, and made digit by digit, as they are checked: a third of the time of BigInt(text). */
function takeWhole(value: unknown): bigint {
  const text = takeText(value);
  const { length } = text;
  if (length > EXACT_DIGITS) return takeLong(text);
  let whole = 0;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) throw new Unexpected();
    whole = whole * 10 + digit;
  }
  if (length === 0 || (length > 1 && text.charCodeAt(0) === ZERO)) throw new Unexpected();
  return BigInt(whole);
}

function takeLong(text: string): bigint {
  if (text.length > MAX_EXPRESSION_DIGITS || !/^[1-9][0-9]*$/.test(text)) throw new Unexpected();
  return BigInt(text);
}
