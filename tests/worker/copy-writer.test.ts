import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LAYOUT_NAMES } from '../../src/layouts/layout-name.js';
import { layOut } from '../../src/layouts/layout.js';
import type { JobYield, SourceSet } from '../../src/pool/messages.js';
import { cutShard } from '../../src/range/shards.js';
import { reducedSignature } from '../../src/signatures/reduced/signature.js';
import { crc32 } from '../../src/tables/crc32.js';
import { CopyWriter } from '../../src/worker/copy-writer.js';
import { SourceError, SourceFiles } from '../../src/worker/source-files.js';
import { SourceTables } from '../../src/worker/source-table.js';
import { joinCrcs, openTableFiles, type WrittenSet, writeSet } from './written-set.js';

const { closedForm } = reducedSignature;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sigtables-test-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Copies the sources into a set, the last job first, and closes what it read from. */
function copySet(target: WrittenSet, sources: readonly SourceSet[], mayHold: number): JobYield[] {
  const { folder, range, layout: name, chunk, nameDigits } = target;
  const layout = layOut(closedForm, range, name, chunk, nameDigits);
  const files = openTableFiles(folder, layout.fileCount, 0);
  const tables = sources.map((source) => new SourceTables(closedForm, source));
  const sourceFiles = new SourceFiles(mayHold);
  try {
    const writer = new CopyWriter(closedForm, layout, files, tables, sourceFiles);
    const jobs = Array.from({ length: Number(layout.jobs.count) }, (_, job) => job).reverse();
    return jobs.map((job) => writer.write(job));
  } finally {
    sourceFiles.closeAll();
  }
}

function readTexts(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  );
}

const starts = fc.oneof(
  fc.bigInt(10n, 2000n),
  fc.constantFrom(10n, 99n, 9_999n, 99_990n, 10n ** 9n - 777n, 2n ** 53n - 300n, 10n ** 30n - 450n),
);
const layouts = fc.constantFrom(...LAYOUT_NAMES);

describe('CopyWriter', () => {
  it('writes what a build of the whole writes, from any parts in any layouts, and reads every byte once', () => {
    fc.assert(
      fc.property(
        fc.record({
          start: starts,
          size: fc.bigInt(9n, 1500n),
          parts: fc.integer({ min: 1, max: 9 }),
          from: fc.array(layouts, { minLength: 9, maxLength: 9 }),
          to: layouts,
          chunks: fc.tuple(fc.bigInt(100n, 1500n), fc.bigInt(100n, 1500n)),
          sameChunk: fc.boolean(),
          mayHold: fc.constantFrom(0, 2, 1000),
        }),
        ({ start, size, parts, from, to, chunks: [fromChunk, otherChunk], sameChunk, mayHold }) => {
          const range = { start, end: start + size };
          const nameDigits = range.end.toString().length;
          const chunk = sameChunk ? fromChunk : otherChunk;
          let firstFile = 0;
          const expectedCrcs: number[] = [];
          const sources = Array.from({ length: parts }, (_, i): SourceSet => {
            const part = cutShard(range, { index: i + 1, count: parts }, fromChunk);
            const folder = join(root, `source-${String(i)}`);
            const set = { folder, range: part, layout: from[i] ?? to, chunk: fromChunk, nameDigits };
            const crcs = [...writeSet(set).values()];
            expectedCrcs.push(...crcs);
            firstFile += crcs.length;
            return { ...set, firstFile: firstFile - crcs.length };
          });
          const whole = { range, layout: to, chunk, nameDigits };
          const wholeCrcs = writeSet({ ...whole, folder: join(root, 'whole') });
          const copy = { ...whole, folder: join(root, 'copy') };
          const results = copySet(copy, sources, mayHold);
          expect(readTexts(copy.folder)).toEqual(readTexts(join(root, 'whole')));
          const layout = layOut(closedForm, range, to, chunk, nameDigits);
          expect(joinCrcs(results, (file) => layout.fileName(file))).toEqual(new Map(wholeCrcs));
          expect(joinShares(results, firstFile)).toEqual(expectedCrcs);
          for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('gives shares that show a changed byte, wherever it is', () => {
    const range = { start: 10n, end: 400n };
    for (const layout of LAYOUT_NAMES) {
      const set = { folder: join(root, layout), range, layout, chunk: 150n, nameDigits: 3 };
      writeSet(set);
      const name = readdirSync(set.folder)[0] ?? '';
      const sound = readFileSync(join(set.folder, name));
      for (let at = 0; at < sound.length; at += 29) {
        const damaged = Uint8Array.from(sound);
        damaged[at]! ^= 1;
        writeFileSync(join(set.folder, name), damaged);
        const target = { ...set, folder: join(root, 'copy'), layout: 'single' } as const;
        const crcs = joinShares(copySet(target, [{ ...set, firstFile: 0 }], 100), 1000);
        expect(crcs).toContain(crc32(damaged));
        expect(crcs).not.toContain(crc32(sound));
      }
    }
  });

  it('names a source that is gone or has another size', () => {
    const range = { start: 10n, end: 400n };
    for (const layout of LAYOUT_NAMES) {
      const set = { folder: join(root, layout), range, layout, chunk: 150n, nameDigits: 3 };
      writeSet(set);
      const path = join(set.folder, readdirSync(set.folder)[0] ?? '');
      const copy = (): JobYield[] =>
        copySet({ ...set, folder: join(root, 'copy'), layout: 'single' }, [{ ...set, firstFile: 0 }], 100);
      truncateSync(path, 5);
      expect(copy).toThrow(SourceError);
      rmSync(path);
      expect(copy).toThrow(expect.objectContaining({ name: 'SourceError', path, code: 'ENOENT' }));
    }
  });
});

/** Each source file's CRC-32, put together from the jobs' shares. */
function joinShares(results: readonly JobYield[], files: number): number[] {
  const crcs = new Uint32Array(files);
  for (const { sources = [] } of results) for (const [file, crc] of sources) crcs[file]! ^= crc;
  return [...crcs];
}
