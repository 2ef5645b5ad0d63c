import { describe, expect, it } from 'vitest';
import type { Standing } from '../../../src/progress/meter.js';
import { describeStanding, drawBar } from '../../../src/cli/progress/text.js';

const STANDING: Standing = {
  jobsDone: 45,
  jobs: 100n,
  fraction: 0.45,
  numbersPerS: 123_400_000,
  bytesPerS: 1_220_000_000,
  elapsedMs: 12_000,
  leftMs: 14_000,
  numbersDone: 0n,
  bytesDone: 0n,
  isCommitting: false,
};
const UNKNOWN: Standing = { ...STANDING, numbersPerS: undefined, bytesPerS: undefined, leftMs: undefined };
const plain = (bar: string): string => bar;

describe('describeStanding', () => {
  it('says where a build stands', () => {
    expect(describeStanding(STANDING)).toBe(
      '45/100 jobs (45%), 123.4 M numbers/s, 1.22 GB/s, 12s elapsed, 14s left',
    );
    expect(describeStanding(UNKNOWN)).toBe('45/100 jobs (45%), --, --, 12s elapsed, -- left');
    expect(describeStanding({ ...STANDING, isCommitting: true })).toMatch(/12s elapsed, finishing$/);
    const placing = { done: 3, steps: 16 };
    expect(describeStanding({ ...STANDING, isCommitting: true, placing })).toMatch(
      /12s elapsed, placing 3\/16$/,
    );
    expect(describeStanding(undefined)).toBe('preparing');
  });
});

describe('drawBar', () => {
  it('fills what the text leaves', () => {
    const text = ' 45% | 45/100 jobs | 123.4 M/s | 1.22 GB/s | 12s | 14s left';
    expect(drawBar(STANDING, 80, plain)).toBe(`[=======          ] ${text}`);
    expect(drawBar(STANDING, 300, plain)).toBe(`[${'='.repeat(18)}${' '.repeat(22)}] ${text}`);
    expect(drawBar(STANDING, 60, plain)).toBe(text);
  });

  it('is short on a narrow terminal', () => {
    expect(drawBar(STANDING, 59, plain)).toBe(' 45% | 45/100 | 123.4 M/s | 14s left');
    expect(drawBar(UNKNOWN, 40, plain)).toBe(' 45% | 45/100 | -- | -- left');
  });

  it('leaves the last column free at any width', () => {
    for (let columns = 1; columns < 200; columns++) {
      expect(drawBar(STANDING, columns, plain).length).toBeLessThan(columns);
      expect(drawBar(UNKNOWN, columns, plain).length).toBeLessThan(columns);
    }
  });

  it('is full only when all is done', () => {
    expect(drawBar({ ...STANDING, fraction: 0.999 }, 120, plain)).toContain('= ]');
    expect(drawBar({ ...STANDING, fraction: 1 }, 120, plain)).toContain('==] 100%');
  });
});
