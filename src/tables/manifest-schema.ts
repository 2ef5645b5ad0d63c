import { z } from 'zod';
import { LAYOUT_NAMES } from '../layouts/layout-name.js';
import { MAX_EXPRESSION_DIGITS } from '../limits.js';
import { findContradiction, isPlainFileName } from './manifest-consistency.js';
import type { Manifest } from './manifest.js';

/** The manifest that `text` holds, or, as a string, what is wrong with it. Its checksum is not looked at here. */
export function parseManifest(text: string): Manifest | string {
  const document = parseJson(text);
  const isSharded = typeof document === 'object' && document !== null && 'shards' in document;
  const result = isSharded ? SHARDED_MANIFEST.safeParse(document) : MANIFEST.safeParse(document);
  if (!result.success) return describeIssue(result.error.issues[0]);
  const manifest = result.data as Manifest;
  return findContradiction(manifest) ?? manifest;
}

/** Decimal digits, nothing else: `z.coerce` would take the empty string for 0. */
const WHOLE_NUMBER = z
  .string()
  .max(MAX_EXPRESSION_DIGITS)
  .regex(/^(?:0|[1-9][0-9]*)$/, 'expected a whole number in decimal digits')
  .transform(BigInt);

const FILE_NAME = z.string().refine(isPlainFileName, 'expected a plain file name');

const HEAD = {
  format: z.literal('sigtables'),
  formatVersion: z.literal([1, 2]),
  signature: z.strictObject({
    name: z.string(),
    version: z.string(),
    fileHash: z.string().optional(),
    options: z.record(z.string(), z.string()).optional(),
  }),
  range: z.strictObject({ start: WHOLE_NUMBER, end: WHOLE_NUMBER }),
  aggregate: z.string().optional(),
  bucketList: z.strictObject({ file: FILE_NAME, count: WHOLE_NUMBER }).optional(),
  remainders: z.strictObject({ file: FILE_NAME, count: WHOLE_NUMBER }).optional(),
  layout: z.enum(LAYOUT_NAMES),
  chunk: WHOLE_NUMBER.optional(),
  count: WHOLE_NUMBER,
  bytes: WHOLE_NUMBER,
};

/** Not strict, so that it leaves out the checksum, which has been looked at. */
const MANIFEST = z.object({
  ...HEAD,
  files: z.array(
    z.strictObject({
      file: FILE_NAME,
      bytes: WHOLE_NUMBER,
      crc32: z
        .string()
        .regex(/^[0-9a-f]{8}$/, 'expected 8 hex digits')
        .transform((digits) => parseInt(digits, 16)),
    }),
  ),
  buckets: z.array(
    z.strictObject({
      key: z.string(),
      file: FILE_NAME.optional(),
      offset: WHOLE_NUMBER.optional(),
      count: WHOLE_NUMBER,
      bytes: WHOLE_NUMBER,
      first: WHOLE_NUMBER,
      last: WHOLE_NUMBER,
    }),
  ),
});

const SHARDED_MANIFEST = z
  .object({
    ...HEAD,
    files: z.never('a sharded set lists no files').optional(),
    buckets: z.never('a sharded set lists no buckets').optional(),
    shards: z.array(
      z
        .strictObject({
          folder: FILE_NAME,
          start: WHOLE_NUMBER,
          end: WHOLE_NUMBER,
          count: WHOLE_NUMBER,
          bytes: WHOLE_NUMBER,
          checksum: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hex digits'),
        })
        .transform(({ start, end, ...shard }) => ({ ...shard, range: { start, end } })),
    ),
  })
  .transform((manifest) => ({ ...manifest, files: [], buckets: [] }));

function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  const where = issue?.path.join('.');
  return where ? `${where}: ${issue?.message ?? ''}` : 'it is not a manifest';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
