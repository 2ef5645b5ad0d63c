import { describe, expect, test } from 'vitest';
import { chooseQueueChunk, type ChunkWanted } from '../../src/distributed/queue-chunk.js';

function choose(end: bigint, more: Partial<ChunkWanted> = {}): ReturnType<typeof chooseQueueChunk> {
  const usual = { layout: 'single', aggregate: 'list', merges: true, threads: 4, isPlaced: false } as const;
  return chooseQueueChunk({ range: { start: 0n, end }, ...usual, ...more });
}

describe('chooseQueueChunk', () => {
  test.each([
    ['fifty jobs per thread, where they are worth it', 10n ** 9n, {}, 5_000_000n],
    ['ten, where jobs are short', 10n ** 6n, {}, 20_000n],
    ['ten by the closed form, whose jobs are quick', 10n ** 8n, { isPlaced: true }, 2_000_000n],
    ['what many threads need', 10n ** 12n, { threads: 1000, isPlaced: true }, 20_000_000n],
    ['no less than is worth a job', 10_000n, { threads: 1000 }, 1_000n],
    ['no more shards than help', 10n ** 12n, { merges: false }, 5_000_000_000n],
  ] as const)('%s', (_, end, more, chunk) => {
    expect(choose(end, more)).toEqual({ chunk });
  });

  test.each([
    ['the layout job', { layout: 'job' }],
    ['sums', { aggregate: 'sum' }],
  ] as const)('%s is cut as on one machine, and told what would be better', (_, more) => {
    const { chunk, advice = 0n } = choose(10n ** 8n, { ...more, threads: 1000 });
    expect(advice).toBeGreaterThan(0n);
    expect(advice).toBeLessThan(chunk);
  });
});
