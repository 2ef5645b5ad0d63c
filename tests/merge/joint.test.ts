import { describe, expect, it } from 'vitest';
import type { LayoutName } from '../../src/layouts/layout-name.js';
import { joinSources } from '../../src/merge/joint.js';
import type { Source } from '../../src/merge/source.js';

function createSource(
  folder: string,
  start: bigint,
  end: bigint,
  layout: LayoutName,
  chunk?: bigint,
): Source {
  const range = { start, end };
  const manifest: Source['manifest'] = {
    format: 'sigtables',
    formatVersion: 1,
    signature: { name: 'reduced', version: '1' },
    range,
    layout,
    ...(chunk !== undefined && { chunk }),
    count: end - start,
    bytes: 0n,
    files: [],
    buckets: [],
  };
  return { folder, range, manifest, digest: folder };
}

const AS_THEY_ARE = { layout: undefined, chunk: undefined };

describe('joinSources', () => {
  it('joins what abuts, in the layout and jobs that the sources have', () => {
    const sources = [createSource('a', 10n, 50n, 'job', 20n), createSource('b', 50n, 70n, 'job', 20n)];
    expect(joinSources(sources, AS_THEY_ARE)).toEqual({
      range: { start: 10n, end: 70n },
      layout: 'job',
      chunk: 20n,
    });
    expect(joinSources(sources, { layout: 'job', chunk: 7n }).chunk).toBe(7n);
    expect(joinSources(sources, { layout: 'single', chunk: undefined }).chunk).toBeUndefined();
  });

  it('names the folders and numbers of a gap', () => {
    const sources = [createSource('a', 10n, 50n, 'single'), createSource('b', 60n, 70n, 'single')];
    expect(() => joinSources(sources, AS_THEY_ARE)).toThrow(
      'a (10..50) and b (60..70) leave a gap: no folder has 50..60',
    );
  });

  it('names the folders and numbers of an overlap', () => {
    const [below, above] = [createSource('a', 10n, 50n, 'single'), createSource('b', 40n, 70n, 'single')];
    expect(() => joinSources([below, above], AS_THEY_ARE)).toThrow(
      'a (10..50) and b (40..70) overlap: both have 40..50',
    );
    expect(() => joinSources([below, below], AS_THEY_ARE)).toThrow('both have 10..50');
    const inner = createSource('c', 20n, 30n, 'single');
    expect(() => joinSources([below, inner], AS_THEY_ARE)).toThrow('both have 20..30');
  });

  it('wants to be told the layout and the jobs where they differ', () => {
    const mixed = [createSource('a', 10n, 50n, 'single'), createSource('b', 50n, 70n, 'job', 20n)];
    expect(() => joinSources(mixed, AS_THEY_ARE)).toThrow(
      'differ in their layouts: a has single, b has job; say with --layout',
    );
    expect(joinSources(mixed, { layout: 'job', chunk: undefined }).chunk).toBe(20n);
    const chunked = [createSource('a', 10n, 50n, 'job', 10n), createSource('b', 50n, 70n, 'job', 20n)];
    expect(() => joinSources(chunked, AS_THEY_ARE)).toThrow('a has 10, b has 20; say with --chunk');
    expect(joinSources(chunked, { layout: 'signature', chunk: undefined }).layout).toBe('signature');
  });
});
