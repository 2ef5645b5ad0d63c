/**
 * How a shared rate is divided: everyone gets what they can use, or an equal share of what the modest leave (max-min
 * fairness, which is what connections to one server come to). `wants[i]` is what each of `counts[i]` users can use.
 */
export function shareRate(total: number, wants: readonly number[], counts: readonly number[]): number[] {
  const order = wants.map((_, i) => i).sort((a, b) => wants[a]! - wants[b]!);
  const shares = wants.map(() => 0);
  let left = total;
  let users = counts.reduce((sum, count) => sum + count, 0);
  for (const i of order) {
    const share = users > 0 ? Math.min(wants[i]!, left / users) : wants[i]!;
    shares[i] = share;
    left -= share * counts[i]!;
    users -= counts[i]!;
  }
  return shares;
}
