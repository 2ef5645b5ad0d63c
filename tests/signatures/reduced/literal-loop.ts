/**
 * The definition of the reduced signature, transcribed word by word and as slow as it reads, for tests to compare with.
 * `n` is 10 or more: below, the loop never ends.
 */
export function signByLiteralLoop(n: bigint): string {
  let steps = 1;
  do {
    const power = 10n ** (BigInt(countDigits(n)) - 2n);
    steps += 1;
    for (let time = 1; time <= 10; time += 1) {
      if (n - power > 10n) n -= power;
    }
  } while (countDigits(n) !== 2);
  return `${String(steps).padStart(2, '0')}${n}`;
}

function countDigits(n: bigint): number {
  return n.toString().length;
}
