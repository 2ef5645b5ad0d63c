import { describe, expect, it } from 'vitest';
import {
  formatBound,
  formatByteRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  quoteArgument,
} from '../src/format.js';

describe('formatCount', () => {
  it.each([
    [0n, '0'],
    [999n, '999'],
    [1000n, '1,000'],
    [123456789, '123,456,789'],
    [10n ** 30n - 1n, `${'999,'.repeat(9)}999`],
    [10n ** 30n, '~1.000e30'],
    [123_456n * 10n ** 95n, '~1.235e100'],
    [10n ** 100n - 10n, '~1.000e100'],
    [99_994n * 10n ** 96n, '~9.999e100'],
  ])('writes %s as %s', (n, text) => {
    expect(formatCount(n)).toBe(text);
  });
});

describe('formatBound', () => {
  it('gives digits to type again, as long as they are readable', () => {
    expect(formatBound(1_000_000_000n)).toBe('1000000000');
    expect(formatBound(10n ** 100n)).toBe('~1.000e100');
  });
});

describe('formatBytes', () => {
  it.each([
    [0n, '0 B'],
    [999n, '999 B'],
    [1000n, '1.00 kB'],
    [9_888_888_901n, '9.89 GB'],
    [999_499n, '999 kB'],
    [999_999n, '1.00 MB'],
    [1_234_567_890, '1.23 GB'],
    [25n * 10n ** 15n, '25.0 PB'],
    [10n ** 29n, '100 RB'],
    [10n ** 40n, '~1.000e40 B'],
  ])('writes %s as %s', (sizeBytes, text) => {
    expect(formatBytes(sizeBytes)).toBe(text);
  });
});

describe('formatRate', () => {
  it.each([
    [undefined, '--'],
    [Infinity, '--'],
    [0, '0/s'],
    [999.4, '999/s'],
    [1500, '1.5 k/s'],
    [123_400_000, '123.4 M/s'],
    [999_960_000, '1.0 G/s'],
    [1.39e100, '1.4e+100/s'],
  ])('writes %s as %s', (perSecond, text) => {
    expect(formatRate(perSecond)).toBe(text);
  });

  it('writes bytes in decimal units', () => {
    expect(formatByteRate(1_219_999_999.7)).toBe('1.22 GB/s');
    expect(formatByteRate(undefined)).toBe('--');
  });
});

describe('formatDuration', () => {
  it.each([
    [undefined, '--'],
    [NaN, '--'],
    [Infinity, '--'],
    [-5, '0.0s'],
    [0, '0.0s'],
    [12.4, '12ms'],
    [99.4, '99ms'],
    [99.6, '0.1s'],
    [4240, '4.2s'],
    [9949, '9.9s'],
    [9950, '10s'],
    [59_499, '59s'],
    [59_500, '1m 00s'],
    [65_000, '1m 05s'],
    [3_599_600, '1h 00m'],
    [7_380_000, '2h 03m'],
    [86_400_000, '1d 00h'],
    [272_800_000, '3d 03h'],
    [1e13, '115,740d 17h'],
  ])('writes %s ms as %s', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });
});

describe('quoteArgument', () => {
  it.each([
    ['tables', 'tables'],
    ['/data/2024-01.d', '/data/2024-01.d'],
    ['my tables', "'my tables'"],
    ["it's", "'it'\\''s'"],
    ['', "''"],
    ['$HOME', "'$HOME'"],
  ])('makes one word of %s', (text, quoted) => {
    expect(quoteArgument(text)).toBe(quoted);
  });
});
