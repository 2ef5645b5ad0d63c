import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { TableMalformed, TableStream } from '../../src/tables/table-stream.js';

const folder = mkdtempSync(join(tmpdir(), 'sigtables-stream-'));
const path = join(folder, 'table.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Read {
  readonly buckets: [string, string][];
  readonly offsets: number[];
  readonly crc: number;
}

/** Reads `text` from a file; the pieces of a bucket are joined again. */
function readTable(text: string, ofLists: boolean): Read {
  writeFileSync(path, text);
  const stream = new TableStream(path);
  const buckets: [string, string][] = [];
  const offsets: number[] = [];
  try {
    for (const piece of stream.pieces(ofLists)) {
      const part = Buffer.from(piece.text).toString();
      if (piece.isFirst) {
        buckets.push([Buffer.from(piece.key).toString(), part]);
        offsets.push(piece.offset);
      } else buckets.at(-1)![1] += `,${part}`;
    }
    return { buckets, offsets, crc: stream.crc };
  } finally {
    stream.close();
  }
}

function findFault(text: string, ofLists: boolean): number {
  try {
    readTable(text, ofLists);
  } catch (error) {
    if (error instanceof TableMalformed) return error.offset;
    throw error;
  }
  return -1;
}

describe('a stream of a table', () => {
  it('gives the buckets of any table, with their places and the checksum', () => {
    const lists = fc.array(
      fc.tuple(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(), { minLength: 1, maxLength: 30 })),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(lists, (buckets) => {
        const members = buckets.map(([key, numbers]) => `${JSON.stringify(key)}:[${numbers.join(',')}]`);
        const text = `{${members.join(',')}}`;
        const { buckets: found, offsets, crc } = readTable(text, true);
        expect(found).toEqual(
          buckets.map(([key, numbers]) => [Buffer.from(key).toString(), numbers.join(',')]),
        );
        const bytes = Buffer.from(text);
        offsets.forEach((offset, i) =>
          expect(bytes.toString('latin1', offset).startsWith(found[i]![1])).toBe(true),
        );
        expect(crc).toBe(crc32(bytes));
      }),
    );
  });

  it('gives values with commas, braces and quotes in them', () => {
    const values = ['1', '-2.5e+21', '"},{\\""', '[1,{"a":[2,3]}]', '{"b":"]"}', 'null'];
    const text = `{${values.map((value, i) => `"${i}":${value}`).join(',')}}`;
    expect(readTable(text, false).buckets).toEqual(values.map((value, i) => [String(i), value]));
  });

  it('takes buckets and keys larger than its blocks', () => {
    const numbers = Array.from({ length: 300_000 }, (_, i) => String(1_000_000 + i)).join(',');
    const key = 'k'.repeat(60_000);
    const { buckets, crc } = readTable(`{"a":[${numbers}],"${key}":[7]}`, true);
    expect(buckets[0]![1] === numbers).toBe(true);
    expect(buckets[1]).toEqual([key, '7']);
    expect(crc).toBe(crc32(`{"a":[${numbers}],"${key}":[7]}`));
  });

  it.each([
    ['', 0],
    ['[', 0],
    ['{', 1],
    ['{"a":[1]', 8],
    ['{"a":[1]}x', 9],
    ['{"a":[]}', 6],
    ['{"a" :[1]}', 4],
    ['{"a":[1],}', 9],
    ['{"a":[1', 7],
    ['{"\\x":[1]}', 2],
  ])('says where %s is no table', (text, offset) => {
    expect(findFault(text, true)).toBe(offset);
  });
});
