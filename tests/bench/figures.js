/** The middle value, or the mean of the two middle ones. */
export function medianOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of each figure over several costs. */
export function medianCost(costs) {
  return Object.fromEntries(
    Object.keys(costs[0]).map((key) => [key, medianOf(costs.map((cost) => cost[key]))]),
  );
}

/** A cost in one line. */
export function formatCost({ wallSeconds, userSeconds, systemSeconds, peakBytes }) {
  const peakMb = (peakBytes / 1e6).toFixed(0);
  return `${wallSeconds.toFixed(2)} s, user ${userSeconds.toFixed(2)} s, system ${systemSeconds.toFixed(2)} s, peak ${peakMb} MB`;
}

/** Where each bench prints: a line for people, as it happens. */
export function say(line) {
  process.stdout.write(`${line}\n`);
}
