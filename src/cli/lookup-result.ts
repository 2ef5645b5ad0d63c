import { join } from 'node:path';
import { indexOutOfBounds, numberNotFound, signatureNotFound } from '../errors.js';
import type { LookupOptions } from './lookup-options.js';
import { writeJson, writeResult } from './output.js';
import type { Source } from './sources.js';

const LINE_FEED = 10;

/**
 * The output of `lookup`, piece by piece. Throws USAGE for a signature that nothing has and for an index that is out of
 * bounds, before the first piece.
 */
export async function* printMembers(
  source: Source,
  signature: string,
  { at, from, limit, isCount, isJson }: LookupOptions,
): AsyncGenerator<Buffer> {
  const count = BigInt(source.count(signature));
  if (count === 0n) throw signatureNotFound(signature, source.name);
  const head = { schemaVersion: 1, command: 'lookup', signature, count: String(count) };
  if (isCount) {
    yield Buffer.from(isJson ? `${JSON.stringify(head)}\n` : `${count}\n`);
  } else if (at !== undefined) {
    const number = source.at(signature, at);
    if (number === undefined) throw indexOutOfBounds('--at', at, signature, count);
    const document = { ...head, index: String(at), number: String(number) };
    yield Buffer.from(isJson ? `${JSON.stringify(document)}\n` : `${number}\n`);
  } else {
    if (from >= count) throw indexOutOfBounds('--from', from, signature, count);
    const text = source.readText(signature, from, limit ?? count);
    yield* isJson ? toDocument({ ...head, from: String(from) }, text) : text;
  }
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
