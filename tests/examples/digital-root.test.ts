import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openExample } from './open-example.js';

const signature = await openExample('digital-root/digital-root.js');

test.each([
  [1, 1],
  [9, 9],
  [10, 1],
  [18, 9],
  [1234, 1],
  [10n ** 30n - 1n, 9],
])('the digital root of %s is %s', (n, root) => {
  expect(signature.keyOf(n)).toBe(root);
});

test('it is what adding up the digits leaves, at any size', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 2n ** 53n, max: 10n ** 50n })), (n) => {
      fc.pre(n > 0);
      expect(signature.keyOf(n)).toBe(addUpDigits(String(n)));
    }),
  );
});

function addUpDigits(digits: string): number {
  const sum = [...digits].reduce((total, digit) => total + Number(digit), 0);
  return sum < 10 ? sum : addUpDigits(String(sum));
}
