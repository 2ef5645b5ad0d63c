/** One repeat of the loop that defines the signature. */
export interface ReductionStep {
  /** The count of steps so far: it begins at 1, so the first repeat is step 2, and the last one's stands in the key. */
  readonly step: number;
  readonly before: bigint;
  /** What is subtracted: the power of ten with one digit less than `before`. */
  readonly power: bigint;
  /** How many times, 0 to 10. */
  readonly subtracted: number;
  readonly after: bigint;
}

/** The repeats of the loop for `n`, computed as they are asked for. Throws a RangeError below 10, where it never ends. */
export function* explainReduction(n: bigint): Generator<ReductionStep, void, undefined> {
  if (n < 10n) throw new RangeError(`the loop never ends below 10: ${n}`);
  let power = 10n ** BigInt(n.toString().length - 2);
  let before = n;
  let step = 1;
  do {
    while (before < power * 10n) power /= 10n;
    step += 1;
    const subtracted = countSubtractions(before, power);
    const after = before - power * BigInt(subtracted);
    yield { step, before, power, subtracted, after };
    before = after;
  } while (before >= 100n);
}

/** How often `power` can be taken away, ten times at most, with more than 10 left each time. */
function countSubtractions(n: bigint, power: bigint): number {
  if (n <= 10n) return 0;
  const times = (n - 11n) / power;
  return times < 10n ? Number(times) : 10;
}
