import { expect, test } from 'vitest';
import { openExample } from './open-example.js';

const FILE = 'julia-set/julia-set.ts';

/** The definition, in complex numbers: z → z² + c until |z| ≥ 4. */
function countSteps(re: number, im: number, iterations: number): number {
  for (let step = 1; step <= iterations; step++) {
    [re, im] = [re ** 2 - im ** 2 + 0.355, 2 * re * im + 0.355];
    if (Math.hypot(re, im) >= 4) return step;
  }
  return iterations;
}

test('a pixel has the escape time of its middle, rows from the upper left', async () => {
  const { keyOf } = await openExample(FILE, { width: '60', height: '40', iterations: '99' });
  const step = 2.4 / 40;
  for (let n = 0; n < 60 * 40; n++) {
    const [column, row] = [n % 60, Math.floor(n / 60)];
    expect(keyOf(n)).toBe(countSteps((column - 29.5) * step, (19.5 - row) * step, 99));
  }
});

test('numbers above the last pixel are left out', async () => {
  const { keyOf } = await openExample(FILE, { width: '60', height: '40' });
  expect(keyOf(2399)).toBeTypeOf('number');
  expect(keyOf(2400)).toBeNull();
});

test('the picture has 2000 x 2000 pixels unless told otherwise, is the same upside down, and has points of the set', async () => {
  const { keyOf } = await openExample(FILE);
  let inside = 0;
  for (let n = 0; n < 2e6; n += 97) {
    expect(keyOf(n)).toBe(keyOf(4e6 - 1 - n));
    if (keyOf(n) === 255) inside++;
  }
  expect(inside / (2e6 / 97)).toBeCloseTo(0.0055, 3);
  expect(keyOf(4e6)).toBeNull();
});

test.each([
  ['width', '0'],
  ['height', ''],
  ['iterations', '1.5'],
  ['depth', '3'],
])('the option %s=%s is refused by name', async (key, value) => {
  await expect(openExample(FILE, { [key]: value })).rejects.toThrow(key);
});
