import { describe, expect, it } from 'vitest';
import { CHECK_SIBLING_BYTES, CHECK_SPAN_BYTES } from '../../src/limits.js';
import type { ManifestFile } from '../../src/tables/manifest.js';
import { listTasks } from '../../src/verify/spans.js';

const SIZES = [0, 5, 5, 5, CHECK_SIBLING_BYTES, 5, 2 * CHECK_SPAN_BYTES + 1, 2 * CHECK_SPAN_BYTES + 1];
const files: ManifestFile[] = SIZES.map((bytes, i) => ({ file: `${i}`, bytes: BigInt(bytes), crc32: 0 }));
const all = [...files.keys()];

describe('listTasks', () => {
  it.each([
    ['without families', (): undefined => undefined],
    ['with families', (file: string): string => (Number(file) % 2 === 0 ? 'even' : 'odd')],
    ['with one family', (): string => 'all'],
  ])('lists every byte of every file once: %s', (_, nameFamily) => {
    const spans = listTasks(files, all, 'sum', nameFamily).flatMap((task) => task.spans);
    for (const [file, bytes] of SIZES.entries()) {
      const own = spans.filter((span) => span.file === file).sort((a, b) => a.from - b.from);
      expect(own.map(({ from }) => from)).toEqual([0, ...own.slice(0, -1).map(({ to }) => to)]);
      expect(own.at(-1)?.to).toBe(bytes);
      expect(own.every(({ name, fileBytes }) => name === String(file) && fileBytes === bytes)).toBe(true);
    }
  });

  it('puts the same parts of files of one family and size together', () => {
    const tasks = listTasks(files, all, 'parse', (file) => (file === '1' ? undefined : 'all'));
    const together = tasks.filter(({ areSiblings }) => areSiblings);
    expect(together.map(({ spans }) => spans.map(({ file }) => file))).toContainEqual([2, 3, 5]);
    for (const { spans } of together) {
      for (const key of ['from', 'to', 'fileBytes'] as const) {
        expect(new Set(spans.map((span) => span[key])).size).toBe(1);
      }
    }
    expect(tasks.find(({ areSiblings }) => !areSiblings)?.spans).toMatchObject([{ file: 1, from: 0, to: 5 }]);
  });

  it('does not cut what is not there: a manifest may claim more bytes than any disk has', () => {
    const huge = [{ file: '0', bytes: 2n ** 62n, crc32: 0 }];
    const claimed = { fileBytes: 2 ** 62, from: 0, to: CHECK_SPAN_BYTES };
    for (const namer of [() => undefined, () => 'all'])
      expect(listTasks(huge, [0], 'sum', namer, () => 5)).toMatchObject([{ spans: [claimed] }]);
    expect(
      listTasks(
        huge,
        [0],
        'sum',
        () => undefined,
        () => 0,
      ),
    ).toMatchObject([{ spans: [claimed] }]);
  });
});
