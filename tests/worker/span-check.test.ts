import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { LAYOUT_NAMES } from '../../src/layouts/layout-name.js';
import { countDigits, layOut, type Layout } from '../../src/layouts/layout.js';
import type { CheckMode, SpanReport } from '../../src/pool/verify-messages.js';
import type { Range } from '../../src/range/range.js';
import { reducedSignature } from '../../src/signatures/reduced/signature.js';
import { crc32, shiftCrc } from '../../src/tables/crc32.js';
import { SpanChecker } from '../../src/worker/span-check.js';
import { arbitraryDamage } from '../checks/damage.js';
import { encodeTable, groupBigints } from '../e2e/literal-tables.js';
import { useTemporaryFolder } from '../tables/temporary-folder.js';

const RANGES: readonly Range[] = [
  { start: 10n, end: 3000n },
  { start: 99_000n, end: 101_500n },
  { start: 9_990_000n, end: 10_015_000n },
  { start: 999_987_000n, end: 1_000_007_000n },
  { start: 10n ** 30n - 900n, end: 10n ** 30n + 900n },
];
const CHUNK = 5000n;

interface TableFile {
  readonly layout: Layout;
  readonly maxDigits: number;
  readonly file: number;
  readonly name: string;
  readonly text: Buffer;
}

/** All files of all ranges and layouts, as the literal loop gives them. */
const files: TableFile[] = [];
const large = (): TableFile[] => files.filter(({ text }) => text.length > 2000);

beforeAll(() => {
  for (const range of RANGES)
    for (const name of LAYOUT_NAMES) {
      const layout = layOut(reducedSignature.closedForm, range, name, CHUNK);
      const maxDigits = countDigits(range.end);
      const buckets = name === 'job' ? [] : [...groupBigints(range.start, range.end)];
      for (let file = 0; file < layout.fileCount; file++) {
        const job = layout.jobs.at(name === 'job' ? BigInt(file) : 0n);
        const own = name === 'job' ? groupBigints(job.start, job.end) : buckets;
        const table = new Map(name === 'signature' ? buckets.slice(file, file + 1) : own);
        files.push({
          layout,
          maxDigits,
          file,
          name: layout.fileName(file),
          text: Buffer.from(encodeTable(table)),
        });
      }
    }
});

const pathOf = useTemporaryFolder();

/** What is reported of a file that holds `bytes`, cut at these places. */
function check(
  { layout, maxDigits, file, name, text }: TableFile,
  bytes: Uint8Array,
  mode: CheckMode,
  cuts: readonly number[] = [],
): SpanReport[] {
  writeFileSync(pathOf(name), bytes);
  const checker = new SpanChecker(pathOf(), maxDigits, { signature: reducedSignature, layout });
  const bounds = [0, ...[...cuts].sort((a, b) => a - b), text.length];
  return bounds
    .slice(1)
    .map((to, i) => checker.check({ file, name, fileBytes: text.length, from: bounds[i] ?? 0, to }, mode));
}

function firstOffset(reports: readonly SpanReport[]): number | undefined {
  const offsets = reports.flatMap(({ problem }) => (problem ? [problem.offset] : []));
  return offsets.length === 0 ? undefined : Math.min(...offsets);
}

function arbitraryFile(): fc.Arbitrary<TableFile> {
  return fc.oneof(fc.constantFrom(...large()), fc.constantFrom(...files));
}

function arbitraryCuts(size: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 0, max: size }), { maxLength: 5 });
}

describe('SpanChecker', () => {
  it('finds nothing in tables as the literal loop gives them, wherever they are cut, and sums them up', () => {
    for (const file of files) {
      expect(check(file, file.text, 'parse')).toEqual([{ file: file.file, crc: crc32(file.text) }]);
    }
    const arbitrary = arbitraryFile().chain((file) =>
      fc.record({ file: fc.constant(file), cuts: arbitraryCuts(file.text.length) }),
    );
    fc.assert(
      fc.property(arbitrary, fc.constantFrom('parse', 'sum'), ({ file, cuts }, mode) => {
        const reports = check(file, file.text, mode, cuts);
        expect(firstOffset(reports)).toBe(undefined);
        const ends = [...cuts].sort((a, b) => a - b).concat(file.text.length);
        const crc = reports.reduce(
          (sum, one, i) => sum ^ shiftCrc(one.crc, file.text.length - (ends[i] ?? 0)),
          0,
        );
        expect(crc >>> 0).toBe(crc32(file.text));
      }),
      { numRuns: 100 },
    );
  });

  it('finds every one of 500 changes, by the checksum and by looking, and says where', () => {
    const arbitrary = arbitraryFile().chain((file) =>
      fc.record({ file: fc.constant(file), damage: arbitraryDamage, cuts: arbitraryCuts(file.text.length) }),
    );
    fc.assert(
      fc.property(arbitrary, ({ file, damage, cuts }) => {
        const bytes = damage(file.text);
        if (bytes.equals(file.text)) return;
        const [summed] = check(file, bytes, 'sum');
        expect(summed?.fault !== undefined || summed?.crc !== crc32(file.text)).toBe(true);
        const offset = firstOffset(check(file, bytes, 'locate'));
        const differs = bytes.findIndex((byte, i) => byte !== file.text[i]);
        const first = differs < 0 ? Math.min(bytes.length, file.text.length) : differs;
        if (offset === undefined) expect(bytes.subarray(0, file.text.length)).toEqual(file.text);
        // A number is named by its first digit; one that is right in itself shows at the next that is not.
        else expect(offset).toBeGreaterThanOrEqual(first - file.maxDigits - 1);
        expect(firstOffset(check(file, bytes, 'locate', cuts))).toBe(offset);
        if (bytes.length === file.text.length)
          expect(firstOffset(check(file, bytes, 'parse', cuts))).toBe(offset);
      }),
      { numRuns: 500 },
    );
  });

  it('finds numbers that are swapped, repeated, or of another bucket, where all bytes look right', () => {
    for (const file of large().filter(({ text }) => text.length > 20_000)) {
      const numbers = [...file.text.toString().matchAll(/\d+(?=[,\]])/g)];
      for (let i = 700; i + 1 < numbers.length; i += 997) {
        const [one, next] = [numbers[i], numbers[i + 1]];
        if (one?.[0].length !== next?.[0].length || !one || !next) continue;
        const bytes = Buffer.from(file.text);
        bytes.write(next[0], one.index);
        expect(firstOffset(check(file, bytes, 'parse'))).toBeLessThanOrEqual(next.index + 40);
        bytes.write(one[0], next.index);
        expect(firstOffset(check(file, bytes, 'parse'))).toBeDefined();
      }
    }
  });

  it.each(['1945', '2015', '1820', '1899'])('finds each changed digit in a long bucket: %s', (key) => {
    const { closedForm } = reducedSignature;
    for (const range of [
      { start: 10_000_000n, end: 13_000_000n },
      { start: 123_450_000_000n, end: 123_452_000_000n },
    ]) {
      const layout = layOut(closedForm, range, 'signature', CHUNK);
      const file = layout.placementFor(0).regions.findIndex((region) => region.key === key);
      const numbers: bigint[] = [];
      if (file < 0) continue;
      for (let i = closedForm.rank(key, range.start); i < closedForm.rank(key, range.end); i++) {
        numbers.push(closedForm.select(key, i));
      }
      const text = Buffer.from(`{"${key}":[${numbers.join(',')}]}`);
      const table = { layout, maxDigits: 12, file, name: layout.fileName(file), text };
      expect(firstOffset(check(table, text, 'parse'))).toBe(undefined);
      for (let at = 9; at < text.length - 2; at += 1 + Math.floor(text.length / 600)) {
        const bytes = Buffer.from(text);
        bytes[at] = text[at] === 48 ? 49 : text[at]! - 1;
        const offset = firstOffset(check(table, bytes, 'parse'));
        // m05 turned into m15 is of the bucket as well: what shows is that m15 follows once more.
        expect(offset).toBeLessThanOrEqual(at + 13);
        expect(offset).toBeGreaterThan(at - 13);
      }
    }
  });

  it('takes nothing for a file that is none', () => {
    const [file] = files;
    if (!file) throw new Error('no files');
    const span = {
      file: file.file,
      name: file.name,
      fileBytes: file.text.length,
      from: 0,
      to: file.text.length,
    };
    const checker = new SpanChecker(pathOf(), file.maxDigits, undefined);
    expect(checker.check(span, 'sum').fault).toMatch(/missing/);
    writeFileSync(pathOf('elsewhere'), file.text);
    symlinkSync(pathOf('elsewhere'), pathOf(file.name));
    expect(checker.check(span, 'sum').fault).toMatch(/symbolic link/);
    mkdirSync(pathOf('folder'));
    expect(checker.check({ ...span, name: 'folder' }, 'sum').fault).toMatch(/something else/);
  });
});
