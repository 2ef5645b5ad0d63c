import { expect, it } from 'vitest';
import { DIGIT_SUMS, FOUR_DIGITS, TRAILING_ZEROS } from '../../src/range/four-digits.js';

it('knows digits, their sum and the zeros at the end of every number below 10,000', () => {
  for (let n = 0; n < 10_000; n++) {
    const text = String(n).padStart(4, '0');
    expect(Buffer.from(FOUR_DIGITS.subarray(4 * n, 4 * n + 4)).toString('latin1')).toBe(text);
    expect(DIGIT_SUMS[n]).toBe([...text].reduce((sum, digit) => sum + Number(digit), 0));
    expect(TRAILING_ZEROS[n]).toBe(/0*$/.exec(text)![0].length);
  }
});
