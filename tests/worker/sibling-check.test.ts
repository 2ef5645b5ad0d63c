import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { familyOf } from '../../src/checks/siblings.js';
import { countDigits, layOut, type Layout } from '../../src/layouts/layout.js';
import type { CheckMode, Span, SpanReport } from '../../src/pool/verify-messages.js';
import type { Range } from '../../src/range/range.js';
import { reducedSignature } from '../../src/signatures/reduced/signature.js';
import { crc32 } from '../../src/tables/crc32.js';
import { SiblingChecker } from '../../src/worker/sibling-check.js';
import { SpanChecker } from '../../src/worker/span-check.js';
import { arbitraryDamage } from '../checks/damage.js';
import { encodeTable, groupBigints, groupNumbers, type Buckets } from '../e2e/literal-tables.js';
import { useTemporaryFolder } from '../tables/temporary-folder.js';

interface TableFile {
  readonly file: number;
  readonly name: string;
  readonly text: Buffer;
}

/** Files of one family and size, as the literal loop gives them. */
interface Siblings {
  readonly range: Range;
  readonly layout: Layout;
  readonly files: readonly TableFile[];
}

/** Numbers of three to six digits; lists of the same size that begin and end with other prefixes; wide numbers. */
const SETS: readonly { range: Range; group: () => Buckets<number | bigint> }[] = [
  { range: { start: 10n, end: 200_000n }, group: () => groupNumbers(10, 200_000) },
  { range: { start: 12_050n, end: 21_050n }, group: () => groupNumbers(12_050, 21_050) },
  {
    range: { start: 10n ** 18n - 7000n, end: 10n ** 18n + 7033n },
    group: () => groupBigints(10n ** 18n - 7000n, 10n ** 18n + 7033n),
  },
];

const families: Siblings[] = [];
const long = (): Siblings[] => families.filter(({ files }) => files[0]!.text.length > 300);

beforeAll(() => {
  for (const { range, group } of SETS) {
    const layout = layOut(reducedSignature.closedForm, range, 'signature', 1000n);
    const bySize = new Map<string, TableFile[]>();
    for (const [file, [key, numbers]] of [...group()].entries()) {
      const family = familyOf(key);
      const text = Buffer.from(encodeTable(new Map([[key, numbers]]) as Buckets<number | bigint>));
      if (!family) continue;
      const id = `${family.name} ${text.length}`;
      bySize.set(id, [...(bySize.get(id) ?? []), { file, name: `${key}.json`, text }]);
    }
    for (const files of bySize.values()) if (files.length > 1) families.push({ range, layout, files });
  }
});

const pathOf = useTemporaryFolder();

interface Outcome {
  readonly reports: SpanReport[][];
  /** Files that were looked at on their own. */
  readonly single: string[];
}

/** What is reported of the files, part by part, when each is looked at on its own, and when they are compared. */
function check(
  { range, layout, files }: Siblings,
  texts: readonly Uint8Array[],
  mode: CheckMode,
  cuts: readonly number[] = [],
): { readonly alone: SpanReport[][]; readonly together: Outcome } {
  files.forEach(({ name }, i) => writeFileSync(pathOf(name), texts[i]!));
  const folder = dirname(pathOf('x'));
  const digits = countDigits(range.end);
  const known = { signature: reducedSignature, layout };
  const plain = new SpanChecker(folder, digits, known);
  const fallback = new SpanChecker(folder, digits, known);
  const spy = vi.spyOn(fallback, 'check');
  const checker = new SiblingChecker(folder, range, digits, mode === 'sum' ? undefined : known, fallback);
  const size = files[0]!.text.length;
  const bounds = [0, ...[...cuts].sort((a, b) => a - b), size];
  const parts = bounds
    .slice(1)
    .map((to, i): Span[] =>
      files.map(({ file, name }) => ({ file, name, fileBytes: size, from: bounds[i]!, to })),
    );
  const alone = parts.map((spans) => spans.map((span) => plain.check(span, mode)));
  const reports = parts.map((spans) => checker.check(spans, mode));
  return { alone, together: { reports, single: spy.mock.calls.map(([{ name }]) => name) } };
}

function arbitraryCuts(size: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 0, max: size }), { maxLength: 4 });
}

const arbitraryCase = fc.integer({ min: 0 }).chain((seed) => {
  const siblings = long()[seed % long().length]!;
  return fc.record({
    siblings: fc.constant(siblings),
    cuts: arbitraryCuts(siblings.files[0]!.text.length),
    mode: fc.constantFrom<CheckMode>('sum', 'parse'),
    // The first is the one that the others are compared with.
    damaged: fc.uniqueArray(fc.oneof(fc.constant(0), fc.nat(siblings.files.length - 1)), {
      minLength: 1,
      maxLength: 2,
    }),
    damages: fc.tuple(arbitraryDamage, arbitraryDamage),
    isSame: fc.boolean(),
  });
});

describe('SiblingChecker', () => {
  it('takes files for right by comparing them, and their checksums are those of their bytes', () => {
    expect(long().length).toBeGreaterThan(30);
    for (const siblings of families) {
      const texts = siblings.files.map(({ text }) => text);
      for (const mode of ['sum', 'parse'] as const) {
        const { together } = check(siblings, texts, mode);
        const expected = siblings.files.map(({ file, text }) => ({ file, crc: crc32(text) }));
        expect(together.reports).toEqual([expected]);
        // Files that list other prefixes may have the same size where the range begins or ends within a hundred.
        const isWhole = siblings.range.start % 100n <= 10n && siblings.range.end % 100n === 0n;
        if (isWhole) expect(together.single).toEqual([]);
      }
    }
  });

  it('reports of parts, however they are cut, what is reported of files one by one', () => {
    fc.assert(
      fc.property(arbitraryCase, ({ siblings, cuts, mode }) => {
        const texts = siblings.files.map(({ text }) => text);
        const { alone, together } = check(siblings, texts, mode, cuts);
        expect(together.reports).toEqual(alone);
      }),
      { numRuns: 300 },
    );
  });

  it('reports of damaged files what is reported of them one by one: the same place, the same words', () => {
    fc.assert(
      fc.property(arbitraryCase, ({ siblings, cuts, mode, damaged, damages, isSame }) => {
        const texts = siblings.files.map(({ text }) => text);
        damaged.forEach((file, i) => (texts[file] = damages[isSame ? 0 : i]!(texts[file]!)));
        const { alone, together } = check(siblings, texts, mode, cuts);
        expect(together.reports).toEqual(alone);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds a change of any byte of any file', () => {
    const siblings = long().find(({ files }) => files[0]!.text.length < 600)!;
    const texts = siblings.files.map(({ text }) => text);
    const { length } = texts[0]!;
    for (let at = 0; at < length; at++) {
      const file = at % texts.length;
      const changed = Buffer.from(texts[file]!);
      changed[at]! ^= at % 2 === 0 ? 1 : 3;
      const { alone, together } = check(siblings, texts.with(file, changed), 'parse');
      expect(together.reports).toEqual(alone);
      expect(together.reports[0]?.map(({ problem }) => problem !== undefined)).toEqual(
        texts.map((_, i) => i === file),
      );
    }
  });

  it('finds the same change in one file or several, before and behind a cut', () => {
    for (const siblings of [long()[0]!, long().at(-1)!]) {
      const texts = siblings.files.map(({ text }) => text);
      const { length } = texts[0]!;
      const bounds = [length >> 1, length - 1, length - 2, length - 3];
      const places = bounds.flatMap((cut) =>
        Array.from({ length: 44 }, (_, i) => ({ cut, at: cut - 22 + i })),
      );
      for (const { cut, at } of places.filter(({ at }) => at < length)) {
        for (const damaged of [[0], [1], [0, 1], [1, 2], [...texts.keys()]]) {
          const changed = texts.map((text, i) => {
            const bytes = Buffer.from(text);
            if (damaged.includes(i)) bytes[at]! ^= 1;
            return bytes;
          });
          for (const mode of ['sum', 'parse'] as const) {
            const { alone, together } = check(siblings, changed, mode, [cut]);
            expect(together.reports).toEqual(alone);
            const found = texts.map((_, i) => together.reports.some((part) => part[i]?.problem));
            if (mode === 'parse') expect(found).toEqual(texts.map((_, i) => damaged.includes(i)));
          }
        }
      }
    }
  });

  it('finds numbers that are swapped, repeated, of another bucket, or out of the range', () => {
    for (const siblings of long().filter((_, i) => i % 5 === 0)) {
      const texts = siblings.files.map(({ text }) => text);
      const numbers = [...texts[0]!.toString().matchAll(/\d+(?=[,\]])/g)];
      const [one, next] = numbers.slice(numbers.length >> 1);
      const width = one?.[0].length;
      if (one === undefined || width === undefined || next?.[0].length !== width) continue;
      const place = (text: Buffer, at: number): string => text.toString('latin1', at, at + width);
      const last = texts.length - 1;
      const own = texts[last]!;
      const patch = (...changes: [at: number, number: string][]): Buffer => {
        const changed = Buffer.from(own);
        for (const [at, number] of changes) changed.write(number, at);
        return changed;
      };
      const wrong = [
        patch([one.index, place(own, next.index)], [next.index, place(own, one.index)]),
        patch([next.index, place(own, one.index)]),
        patch([one.index, place(texts[0]!, one.index)]),
        texts[0]!,
        Buffer.concat([own.subarray(0, 8), texts[0]!.subarray(8)]),
      ];
      for (const changed of wrong) {
        const { alone, together } = check(siblings, texts.with(last, changed), 'parse');
        expect(together.reports).toEqual(alone);
        expect(together.reports[0]?.[last]?.problem).toBeDefined();
      }
    }
  });

  it('finds a list that is right but for its range', () => {
    const ofMiddle = families.filter(({ range }) => range.start === 12_050n);
    let found = 0;
    for (const siblings of ofMiddle) {
      const texts = siblings.files.map(({ text }) => text);
      const [model] = siblings.files;
      for (const [i, { name }] of siblings.files.entries()) {
        // The prefixes of the first file with the last digits of this one.
        const tens = familyOf(name.slice(0, -5))?.difference === 'units' ? '$1' : name.slice(-7, -6);
        const list = model!.text
          .toString('latin1', 8)
          .replaceAll(/(\d)\d(?=[,\]])/g, `${tens}${name.slice(-6, -5)}`);
        const forged = Buffer.from(`{"${name.slice(0, -5)}":[${list.replace(/^\[/, '')}`);
        if (forged.equals(texts[i]!)) continue;
        const { alone, together } = check(siblings, texts.with(i, forged), 'parse');
        expect(together.reports).toEqual(alone);
        expect(together.reports[0]?.[i]?.problem?.what).toMatch(/is not in 12050\.\.21050/);
        found += 1;
      }
    }
    expect(found).toBeGreaterThan(0);
  });

  it('reports of a file that is missing, a link, or of another size what is reported of it alone', () => {
    const siblings = long()[0]!;
    const texts = siblings.files.map(({ text }) => text);
    for (const file of [0, 1, texts.length - 1]) {
      const { alone, together } = check(siblings, texts.with(file, texts[file]!.subarray(9)), 'parse');
      expect(together.reports).toEqual(alone);
      expect(together.reports[0]?.[file]?.fault).toMatch(/bytes instead of/);
    }
    const { range, layout, files } = siblings;
    check(siblings, texts, 'parse');
    rmSync(pathOf(files[0]!.name));
    rmSync(pathOf(files[1]!.name));
    symlinkSync(pathOf(files[2]!.name), pathOf(files[1]!.name));
    const folder = dirname(pathOf('x'));
    const known = { signature: reducedSignature, layout };
    const checker = new SpanChecker(folder, 7, known);
    const spans = files.map(({ file, name, text }) => ({
      file,
      name,
      fileBytes: text.length,
      from: 0,
      to: text.length,
    }));
    const reports = new SiblingChecker(folder, range, 7, known, checker).check(spans, 'parse');
    expect(reports[0]?.fault).toMatch(/missing/);
    expect(reports[1]?.fault).toMatch(/symbolic link/);
    expect(reports.slice(2).every(({ fault, problem }) => !fault && !problem)).toBe(true);
  });
});
