import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAYOUT_NAMES } from '../../src/layouts/layout-name.js';
import { placeBuckets } from '../../src/layouts/regions.js';
import { reducedSignature } from '../../src/signatures/reduced/signature.js';
import { arbitraryRanges, scanBuckets } from '../signatures/reduced/ranges.js';

describe('placeBuckets', () => {
  it('places every bucket where the text of its file has it', () => {
    fc.assert(
      fc.property(arbitraryRanges(3000n), fc.constantFrom(...LAYOUT_NAMES), (range, layout) => {
        const placement = placeBuckets(reducedSignature.closedForm, range, layout, 7);
        const files = placement.fileBytes.map(() => '');
        const buckets = [...scanBuckets(range)];
        expect(placement.regions.map(({ key }) => key)).toEqual(buckets.map(([key]) => key));
        buckets.forEach(([, numbers], i) => {
          const region = placement.regions[i]!;
          const file = region.file - 7;
          const array = `[${numbers.join(',')}]`;
          const label = (files[file] ?? '') + region.label;
          expect(region.arrayOffset).toBe(label.length);
          expect(region.arrayBytes).toBe(array.length);
          files[file] = label + array + (region.endsFile ? '}' : '');
        });
        expect(files.map((text) => text.length)).toEqual(placement.fileBytes);
        expect(files).toHaveLength(layout === 'signature' ? buckets.length : 1);
        for (const text of files) expect(() => JSON.parse(text) as unknown).not.toThrow();
      }),
    );
  });
});
