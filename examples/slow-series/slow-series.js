import { defineSignature } from 'sigtables';

export default defineSignature({
  name: 'slow-series',
  version: '1',
  start: 1,
  keyOf: (n) => (hasNine(n) ? null : 'no 9'),
  valueOf: (n) => 1 / Number(n),
});

/** Whether there is a 9 among up to four digits: 1 or 0. */
const NINES = Uint8Array.from({ length: 10_000 }, (_, n) => (String(n).includes('9') ? 1 : 0));

/** Four digits at a time. `| 0` says that a number is whole and below 2^31: V8 then divides it as an integer, twice as fast. */
function hasNine(n) {
  if (n >= 2 ** 31) return String(n).includes('9');
  for (let rest = n | 0; rest > 0; rest = (rest / 10_000) | 0) {
    if (NINES[rest % 10_000] === 1) return true;
  }
  return false;
}
