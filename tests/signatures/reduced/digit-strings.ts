/** The binomial coefficient "n over k". */
function choose(n: bigint, k: bigint): bigint {
  let result = 1n;
  for (let i = 1n; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
}

/** How many strings of `k` digits have the digit sum `t`, by inclusion and exclusion. */
export function countStrings(k: bigint, t: bigint): bigint {
  if (k === 0n) return t === 0n ? 1n : 0n;
  let count = 0n;
  for (let j = 0n; j <= k && 10n * j <= t; j++) {
    const term = choose(k, j) * choose(t - 10n * j + k - 1n, k - 1n);
    count += j % 2n === 0n ? term : -term;
  }
  return count;
}
