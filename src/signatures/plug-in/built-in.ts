import { DIGIT_SUMS } from '../../range/four-digits.js';
import type { WholeNumber } from '../../range/whole-number.js';
import { keyOf as keyOfBigint } from '../reduced/key.js';
import { reducedSignature } from '../reduced/signature.js';
import type { ReadySignature } from './source.js';

/** Texts of the keys of numbers up to 2^53 by steps * 100 + last, once made: at most 126 + 1 + 14 steps. */
const KEY_TEXTS = new Array<string | undefined>(14_200).fill(undefined);

/** The built-in signature in the shape of one from a file. Throws a RangeError below 10. */
export const readyReduced: ReadySignature = {
  keyOf: (n: WholeNumber) => (typeof n === 'number' ? keyOfNumber(n) : keyOfBigint(n)),
  valueOf: undefined,
  aggregates: {},
  closedForm: reducedSignature.closedForm,
};

/** The closed form in plain numbers, exact below 2^53. */
function keyOfNumber(n: number): string {
  if (n < 100) return keyOfTwoDigits(n);
  const rest = n % 100;
  const prefix = (n - rest) / 100;
  const steps = 1 + sumDigits(prefix) + (rest <= 10 ? countTrailingZeros(prefix) : 0);
  const last = rest >= 11 ? rest : rest === 0 ? 20 : rest + 10;
  return textOfKey(steps * 100 + last);
}

function keyOfTwoDigits(n: number): string {
  if (!(n >= 10)) throw new RangeError(`no whole number from 10 on: ${n}`);
  return textOfKey(200 + (n === 10 ? 10 : Math.max(n - 10, 11)));
}

function textOfKey(packed: number): string {
  return (KEY_TEXTS[packed] ??= String(packed).padStart(4, '0'));
}

function sumDigits(n: number): number {
  let sum = 0;
  let left = n;
  while (left >= 10_000) {
    const low = left % 10_000;
    sum += DIGIT_SUMS[low]!;
    left = (left - low) / 10_000;
  }
  return sum + DIGIT_SUMS[left]!;
}

function countTrailingZeros(n: number): number {
  let zeros = 0;
  for (let left = n; left % 10 === 0; left /= 10) zeros += 1;
  return zeros;
}
