import { tableDamaged } from '../errors.js';
import { parseExactJson, type JsonValue } from './exact-json.js';
import { VALUE_MAX_BYTES, VALUE_MAX_DEPTH } from '../limits.js';
import { isNestedDeeper } from './json-depth.js';
import type { ManifestBucket } from './manifest.js';
import type { TableFiles } from './table-files.js';

const OPENING = 0x7b; // {
const CLOSING = 0x7d; // }
const COMMA = 0x2c;

/** What a bucket of an aggregated table set holds. */
export interface BucketValue {
  /** As it stands in the file. */
  readonly text: string;
  readonly value: JsonValue;
}

/**
 * Reads the value of a bucket, which stands in one file of `sizeBytes`. Throws TABLES unless it stands there behind its
 * key, with a separator on both sides, and is JSON; of a count, unless it is the manifest's.
 */
export function readValue(
  files: TableFiles,
  { key, file = '', offset = 0n, bytes, count }: ManifestBucket,
  aggregate: string,
  sizeBytes: bigint,
): BucketValue {
  const label = Buffer.from(`${JSON.stringify(key)}:`);
  const [valueBytes, start] = [Number(bytes), Number(offset) - label.length - 1];
  const damaged = (what: string, at = Number(offset)): Error => tableDamaged(files.pathOf(file), at, what);
  if (start < 0) throw damaged('no bucket begins there', 0);
  if (valueBytes > VALUE_MAX_BYTES) throw damaged('a value that is too long to be read');
  const buffer = Buffer.allocUnsafe(label.length + valueBytes + 2);
  const read = files.read(file, buffer, buffer.length, start);
  if (read < buffer.length) throw damaged('the file ends here', start + read);
  const isLast = offset + bytes + 1n === sizeBytes;
  if (
    buffer[0] !== (start === 0 ? OPENING : COMMA) ||
    buffer.compare(label, 0, label.length, 1, label.length + 1) !== 0
  )
    throw damaged(`not the bucket ${JSON.stringify(key)}`, start);
  if (buffer[buffer.length - 1] !== (isLast ? CLOSING : COMMA))
    throw damaged('no separator', Number(offset) + valueBytes);
  const text = buffer.toString('utf8', label.length + 1, buffer.length - 1);
  const value = isNestedDeeper(buffer.subarray(1), VALUE_MAX_DEPTH) ? undefined : parse(text);
  if (value === undefined) throw damaged('no JSON value');
  if (aggregate === 'count' && text !== String(count))
    throw damaged(`not the ${count} numbers of the manifest`);
  return { text, value };
}

function parse(text: string): JsonValue | undefined {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
