import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SigtablesError } from '../../src/errors.js';
import { parseRange } from '../../src/range/parse-range.js';

const FIRST = 10n;

describe('parseRange', () => {
  it.each<[string, bigint, bigint]>([
    ['1e9', 10n, 10n ** 9n],
    ['11', 10n, 11n],
    ['10..11', 10n, 11n],
    ['1200000..7600000', 1_200_000n, 7_600_000n],
    [' 1e6 .. 1e6 + 1 ', 1_000_000n, 1_000_001n],
    ['1.5e6..2**53', 1_500_000n, 2n ** 53n],
    ['1e30..1e30+1e3', 10n ** 30n, 10n ** 30n + 1000n],
  ])('reads %j', (text, start, end) => {
    expect(parseRange(text, '--range', FIRST)).toEqual({ start, end });
  });

  it.each([
    ['10', '--range "10" holds no number: the signature is defined from 10 on, so let it end at 11 or above'],
    ['0', '--range "0" holds no number'],
    ['100..50', '--range "100..50" is reversed'],
    ['50..50', '--range "50..50" is empty'],
    ['5..5', '--range "5..5" is empty'],
    ['9..100', '--range "9..100" starts too low: the signature is defined from 10 on'],
    ['0..8', '--range "0..8" starts too low'],
    ['', '--range "" is empty'],
    ['..', 'the start of --range "" is empty'],
    ['..100', 'the start of --range "" is empty'],
    ['100..', 'the end of --range "" is empty'],
    ['1...5', 'the end of --range ".5" is not a number'],
    ['1..2..3', 'the end of --range "2..3" is not a number'],
    ['-5..100', 'the start of --range "-5" is negative'],
    ['-5', '--range "-5" is negative'],
    ['10..1.5', 'the end of --range "1.5" is not a whole number'],
    ['10-20', '--range "10-20" is negative'],
    ['10:20', '--range "10:20" is not a number'],
    ['1e999999999', '--range "1e999999999" is too large'],
  ])('refuses %j', (text, complaint) => {
    const parse = (): unknown => parseRange(text, '--range', FIRST);
    expect(parse).toThrow(SigtablesError);
    expect(parse).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(parse).toThrow(complaint);
  });

  it('reads back any range from the first number on', () => {
    const bound = fc.bigInt({ min: FIRST, max: 10n ** 50n });
    fc.assert(
      fc.property(bound, bound, (a, b) => {
        fc.pre(a !== b);
        const [start, end] = a < b ? [a, b] : [b, a];
        expect(parseRange(`${start}..${end}`, '--range', FIRST)).toEqual({ start, end });
        expect(() => parseRange(`${end}..${start}`, '--range', FIRST)).toThrow('reversed');
      }),
    );
  });
});
