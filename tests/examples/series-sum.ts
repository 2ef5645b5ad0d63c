/** Powers of 1/n that count: what the ones above add is below 1e-20. */
const POWERS = 24;

/**
 * The sum of 1/n over the n of up to `length` digits (three or more) that hold no 9, without adding them up: by R. Baillie's
 * recursion ("Sums of reciprocals of integers missing a given digit", American Mathematical Monthly 86, 1979). The numbers of one
 * digit more are 10n + a with a from 0 to 8, and 1/(10n + a)^p is a series in the powers of 1/n from p on.
 */
export function sumWithoutNines(length: number): number {
  const numbers = Array.from({ length: 999 }, (_, i) => i + 1).filter((n) => !String(n).includes('9'));
  let sum = numbers.reduceRight((total, n) => total + 1 / n, 0);
  const longest = numbers.filter((n) => n >= 100);
  let sums = Array.from({ length: POWERS }, (_, at) => addUp(longest.map((n) => n ** -(at + 1))));
  for (let digits = 4; digits <= length; digits++) {
    sums = sums.map((_, at) => addDigit(sums, at + 1));
    sum += sums[0]!;
  }
  return sum;
}

/** The sum of 1/(10n + a)^power, from the sums of 1/n, 1/n², … over the same n. */
function addDigit(sums: readonly number[], power: number): number {
  let binomial = 1;
  const terms = sums.slice(power - 1).map((sum, i) => {
    if (i > 0) binomial *= -(power + i - 1) / i;
    const digits = addUp(Array.from({ length: 9 }, (_, a) => a ** i));
    return (binomial * digits * sum) / 10 ** (power + i);
  });
  return addUp(terms);
}

/** From the last one on: they are the smallest. */
function addUp(terms: readonly number[]): number {
  return terms.reduceRight((sum, term) => sum + term, 0);
}
