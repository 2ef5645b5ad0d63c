import { join } from 'node:path';
import { flagNeedsList, indexOutOfBounds, numberNotFound, signatureNotFound } from '../errors.js';
import { aggregatePart, type BucketPart } from './bucket-aggregate.js';
import type { LookupOptions } from './lookup-options.js';
import { writeJson, writeResult } from './output.js';
import type { Source } from './sources.js';

const LINE_FEED = 10;

/**
 * The output of `lookup`, piece by piece. Throws USAGE for a signature that nothing has, for an index that is out of
 * bounds, and for what the source has not, before the first piece.
 */
export async function* printLookup(
  source: Source,
  signature: string,
  options: LookupOptions,
): AsyncGenerator<Buffer> {
  if (source.aggregate !== undefined) refuseFlagsOfLists(source.aggregate, source.name, options);
  const count = BigInt(source.count(signature));
  if (count === 0n) throw signatureNotFound(signature, source.name);
  const head = { schemaVersion: 1, command: 'lookup', signature, count: String(count) };
  const { isCount, isJson, aggregate } = options;
  if (isCount) {
    yield Buffer.from(isJson ? `${JSON.stringify(head)}\n` : `${count}\n`);
  } else if (source.aggregate !== undefined) {
    const value = source.valueText?.(signature) ?? 'null';
    yield encodeValue({ ...head, aggregate: source.aggregate }, value, isJson);
  } else if (aggregate) {
    const part = selectPart(signature, count, options);
    const value = await aggregatePart(source, signature, aggregate, part);
    const { from, limit } = part;
    yield encodeValue({ ...head, from: String(from), limit: String(limit), aggregate }, value, isJson);
  } else {
    yield* printMembers(source, signature, count, head, options);
  }
}

async function* printMembers(
  source: Source,
  signature: string,
  count: bigint,
  head: object,
  options: LookupOptions,
): AsyncGenerator<Buffer> {
  const { at, isJson } = options;
  if (at !== undefined) {
    const number = source.at(signature, at);
    if (number === undefined) throw indexOutOfBounds('--at', at, signature, count);
    const document = { ...head, index: String(at), number: String(number) };
    yield Buffer.from(isJson ? `${JSON.stringify(document)}\n` : `${number}\n`);
  } else {
    const { from, limit } = selectPart(signature, count, options);
    const text = source.readText(signature, from, limit);
    yield* isJson ? toDocument({ ...head, from: String(from) }, text) : text;
  }
}

/** An aggregated table set has a value for each signature; what makes sense of lists alone is refused. */
function refuseFlagsOfLists(held: string, where: string, options: LookupOptions): void {
  const { at, from, limit, aggregate } = options;
  const [flag] = Object.entries({ at, from, limit }).find(([, value]) => value !== undefined) ?? [];
  if (flag !== undefined) throw flagNeedsList(`--${flag}`, where, held);
  if (aggregate !== undefined && aggregate !== held)
    throw flagNeedsList(`--aggregate ${aggregate}`, where, held);
}

/** Which of `count` numbers are asked for. */
function selectPart(signature: string, count: bigint, { from = 0n, limit }: LookupOptions): BucketPart {
  if (from >= count) throw indexOutOfBounds('--from', from, signature, count);
  const left = count - from;
  return { from, limit: limit === undefined || limit > left ? left : limit };
}

/** `head` with one more member: JSON as it stands, a number in all its digits. */
function encodeValue(head: object, value: string, isJson: boolean): Buffer {
  return Buffer.from(isJson ? `${JSON.stringify(head).slice(0, -1)},"value":${value}}\n` : `${value}\n`);
}

/** `head` with one more member, the numbers as strings. */
async function* toDocument(head: object, text: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let separator = `${JSON.stringify(head).slice(0, -1)},"numbers":["`;
  for await (const block of text) {
    if (block.length === 0) continue;
    const lines = block
      .subarray(0, block[block.length - 1] === LINE_FEED ? -1 : undefined)
      .toString('latin1');
    yield Buffer.from(separator + lines.replaceAll('\n', '","'));
    separator = '","';
  }
  yield Buffer.from(separator === '","' ? '"]}\n' : `${separator.slice(0, -1)}]}\n`);
}

/** Prints where `n` stands. Throws USAGE where it is not there. */
export function printFound(n: bigint, source: Source, isJson: boolean): void {
  const place = source.find(n);
  if (!place) throw numberNotFound(n, source.name);
  const { signature, index, file, offset } = place;
  if (isJson) {
    writeJson('find', { number: n, signature, index: String(index), file, offset: offset?.toString() });
    return;
  }
  const lines = [`signature  ${signature}`, `index      ${index}`];
  if (file !== undefined) lines.push(`file       ${join(source.folder ?? '', file)}`, `offset     ${offset}`);
  writeResult(lines.join('\n'));
}
