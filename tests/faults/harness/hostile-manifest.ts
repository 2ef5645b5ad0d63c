import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { join } from 'node:path';

/** A manifest as JSON has it; anything may stand anywhere. */
export type Document = Record<string, unknown> & {
  files: Record<string, unknown>[];
  buckets: Record<string, unknown>[];
};

const pathOf = (folder: string): string => join(folder, 'manifest.json');

/** The manifest of a table set, without its checksum. */
export function readDocument(folder: string): Document {
  const document = JSON.parse(readFileSync(pathOf(folder), 'utf8')) as Document;
  delete document['checksum'];
  return document;
}

/** Writes a manifest with a checksum that holds, a line for each entry. */
export function writeDocument(folder: string, document: Record<string, unknown>): void {
  writeText(folder, encodeDocument(document));
}

/** Writes a manifest's text with a checksum that holds. */
export function writeText(folder: string, body: string): void {
  writeFileSync(pathOf(folder), sealText(body));
}

/** The text with its last lines. */
export function sealText(body: string): string {
  const digest = createHash('sha256').update(body).digest('hex');
  return `${body}"checksum":"sha256:${digest}"\n}\n`;
}

/** The text up to the checksum, as sigtables itself writes it. */
export function encodeDocument({ format, formatVersion, ...members }: Record<string, unknown>): string {
  const head = `{\n"format":${toJson(format)},"formatVersion":${toJson(formatVersion)},\n`;
  const lines = Object.entries(members).map(([name, value]) => `${toJson(name)}:${encodeMember(value)},\n`);
  return head + lines.join('');
}

function encodeMember(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return toJson(value);
  // Its own `map` may be gone: a member "__proto__" has been set.
  return `[\n${Array.from(value, toJson).join(',\n')}\n]`;
}

function toJson(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}

/** A line of a journal, with a CRC-32 that holds. */
export function encodeRecord(record: unknown): string {
  const json = typeof record === 'string' ? record : toJson(record);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}
