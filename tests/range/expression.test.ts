import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SigtablesError } from '../../src/errors.js';
import { MAX_EXPRESSION_DIGITS } from '../../src/limits.js';
import { parseNumber } from '../../src/range/expression.js';

function catchError(text: string): SigtablesError {
  try {
    parseNumber(text, '--range');
  } catch (error) {
    if (error instanceof SigtablesError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe('parseNumber', () => {
  it.each<[string, bigint]>([
    ['0', 0n],
    ['007', 7n],
    ['1234567', 1234567n],
    ['1e9', 1_000_000_000n],
    ['1E9', 1_000_000_000n],
    ['1e+9', 1_000_000_000n],
    ['1_000_000', 1_000_000n],
    ['10**9', 1_000_000_000n],
    ['2^40', 1_099_511_627_776n],
    ['2 ** 40', 1_099_511_627_776n],
    ['1.5e6', 1_500_000n],
    ['12.0', 12n],
    ['1200e-2', 12n],
    ['1e9+1e6', 1_001_000_000n],
    [' 1e9 + 1e6 ', 1_001_000_000n],
    ['2**53-1', 9_007_199_254_740_991n],
    ['2**53 + 1', 9_007_199_254_740_993n],
    ['1e30+7', 10n ** 30n + 7n],
    ['-5+15', 10n],
    ['1.5+1.5', 3n],
    ['0.1+0.2+0.7', 1n],
    ['1.5e1**2', 225n],
    ['1**999999999999', 1n],
    ['0**999999999999', 0n],
    ['0**0', 1n],
    ['0e999999999999', 0n],
    ['1-1', 0n],
  ])('reads %j', (text, value) => {
    expect(parseNumber(text, '--range')).toBe(value);
  });

  it.each([
    ['', 'is empty'],
    ['  ', 'is empty'],
    ['abc', '"abc" does not fit'],
    ['1e9x', '"x" does not fit'],
    ['1e', '"e" does not fit'],
    ['1 000', '"000" does not fit'],
    ['1,000', '",000" does not fit'],
    ['1__0', '"__0" does not fit'],
    ['1_', '"_" does not fit'],
    ['_1', '"_1" does not fit'],
    ['.5', '".5" does not fit'],
    ['5.', '"." does not fit'],
    ['0x10', '"x10" does not fit'],
    ['2*3', '"*3" does not fit'],
    ['2**', 'it ends too soon'],
    ['1+', 'it ends too soon'],
    ['+', 'it ends too soon'],
    ['1+-2', '"-2" does not fit'],
    ['2**-1', '"-1" does not fit'],
    ['2**1e2', '"e2" does not fit'],
    ['2**1.5', '".5" does not fit'],
    ['9**9**9', '"**9" does not fit'],
    ['9^9^9', '"^9" does not fit'],
    ['2 ^ 3 ** 4', '"** 4" does not fit'],
    ['Infinity', '"Infinity" does not fit'],
    ['NaN', '"NaN" does not fit'],
    ['1n', '"n" does not fit'],
    ['\uff11', 'does not fit'],
    ['1.5', 'is not a whole number'],
    ['1e-3', 'is not a whole number'],
    ['1e-999999999999', 'is not a whole number'],
    ['1.5e1+0.25', 'is not a whole number'],
    ['1.5**2', 'is not a whole number'],
    ['-1', 'is negative'],
    ['1-2', 'is negative'],
    ['0-1.5', 'is negative'],
    ['1e999999999', 'is too large'],
    ['-1e999999999', 'is too large'],
    [`1e${'9'.repeat(400)}`, 'is too large'],
    ['9**999999999', 'is too large'],
    ['2^99999999999999999999', 'is too large'],
  ])('refuses %j', (text, complaint) => {
    const { code, message } = catchError(text);
    expect(code).toBe('USAGE');
    expect(message).toContain(complaint);
    expect(message).toContain('--range "');
    if (text.length < 40) expect(message).toContain(`"${text.trim()}"`);
    expect(message.split('\n')).toHaveLength(1);
  });

  it('takes numbers of MAX_EXPRESSION_DIGITS digits and none above', () => {
    const largest = 10n ** BigInt(MAX_EXPRESSION_DIGITS) - 1n;
    expect(
      parseNumber(`9e${MAX_EXPRESSION_DIGITS - 1} + ${'9'.repeat(MAX_EXPRESSION_DIGITS - 1)}`, '--range'),
    ).toBe(largest);
    expect(parseNumber('9'.repeat(MAX_EXPRESSION_DIGITS), '--range')).toBe(largest);
    expect(parseNumber('0'.repeat(1_000_000) + '12', '--range')).toBe(12n);
    for (const text of [
      '9'.repeat(MAX_EXPRESSION_DIGITS + 1),
      '9'.repeat(5_000_000),
      `1e${MAX_EXPRESSION_DIGITS}`,
    ]) {
      expect(catchError(text).message).toMatch(/is too large: .* at most 10000 digits/);
    }
    expect(catchError(`${largest}+1`).message).toContain('is too large');
  });

  it('names a long text by its two ends', () => {
    const { message } = catchError(`${'1+'.repeat(1000)}x`);
    expect(message).toContain('--range "1+1+');
    expect(message).toContain('+1+x"');
    expect(message.length).toBeLessThan(300);
  });

  it.each([
    '1_'.repeat(300_000),
    ' '.repeat(300_000) + 'x',
    `1${' '.repeat(300_000)}x`,
    '1+'.repeat(100_000),
  ])('refuses 300,000 characters of nonsense in linear time (case %#)', (text) => {
    expect(catchError(text).code).toBe('USAGE');
  });

  it('reads back every spelling of a number', () => {
    const naturals = fc.bigInt({ min: 0n, max: 10n ** 60n });
    fc.assert(
      fc.property(naturals, naturals, fc.integer({ min: 0, max: 30 }), (a, b, exponent) => {
        const scaled = a * 10n ** BigInt(exponent);
        expect(parseNumber(`${a}`, 'n')).toBe(a);
        expect(parseNumber(`${a}e${exponent}`, 'n')).toBe(scaled);
        expect(parseNumber(`${a}e${exponent} + ${b} - ${a}`, 'n')).toBe(scaled + b - a);
        expect(parseNumber(`${scaled}e-${exponent}`, 'n')).toBe(a);
        expect(parseNumber(`${a}**3`, 'n')).toBe(a ** 3n);
        expect(parseNumber(String(a).replace(/\B(?=(\d{3})+$)/g, '_'), 'n')).toBe(a);
        expect(parseNumber(String(a).replace(/^(\d)(\d+)$/, `$1.$2e${String(a).length - 1}`), 'n')).toBe(a);
      }),
    );
  });
});
