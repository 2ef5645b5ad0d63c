import { defineSignature } from 'sigtables';

/** Up to here the prefix, a hundredth of the number, is a 32-bit integer. */
const END = 100 * 2 ** 31;
const MOST_STEPS = 1 + 9 * 10 + 10;

const DIGIT_SUMS = Uint8Array.from({ length: 10_000 }, (_, n) =>
  [...String(n)].reduce((sum, digit) => sum + Number(digit), 0),
);
const KEYS = Array.from({ length: 100 * (MOST_STEPS + 1) }, (_, i) => {
  const steps = String(Math.floor(i / 100)).padStart(2, '0');
  return `${steps}${i % 100}`;
});

/** The built-in signature as a user would write it: a function from number to key, without a closed form for buckets. */
export default defineSignature({
  name: 'plain-reduced',
  version: '1',
  start: 10,
  end: END,
  keyOf(n) {
    if (n < 100) return KEYS[200 + (n === 10 ? 10 : Math.max(n - 10, 11))];
    const prefix = (n / 100) | 0;
    const rest = n - 100 * prefix;
    const steps = 1 + sumDigits(prefix) + (rest <= 10 ? countZeros(prefix) : 0);
    const last = rest > 10 ? rest : rest === 0 ? 20 : rest + 10;
    return KEYS[100 * steps + last];
  },
});

function sumDigits(prefix) {
  let sum = 0;
  for (let left = prefix; left > 0; left = (left / 10_000) | 0) sum += DIGIT_SUMS[left % 10_000];
  return sum;
}

function countZeros(prefix) {
  let zeros = 0;
  for (let left = prefix; left % 10 === 0; left = (left / 10) | 0) zeros++;
  return zeros;
}
