/** A set of targets, kept as intervals: what a job has are a few long ones. */
export class TargetSet {
  /** Ascending, apart by at least one target: interval i is `#lows[i]` to `#highs[i]`, both included. */
  readonly #lows: number[] = [];
  readonly #highs: number[] = [];

  add(low: number, high: number): void {
    const lows = this.#lows;
    const highs = this.#highs;
    let first = 0;
    while (first < lows.length && highs[first]! < low - 1) first++;
    let behind = first;
    while (behind < lows.length && lows[behind]! <= high + 1) behind++;
    if (behind === first + 1) {
      lows[first] = Math.min(low, lows[first]!);
      highs[first] = Math.max(high, highs[first]!);
      return;
    }
    const joined = behind > first;
    lows.splice(first, behind - first, joined ? Math.min(low, lows[first]!) : low);
    highs.splice(first, behind - first, joined ? Math.max(high, highs[behind - 1]!) : high);
  }

  has(target: number): boolean {
    for (let i = 0; i < this.#lows.length; i++) {
      if (target <= this.#highs[i]!) return target >= this.#lows[i]!;
    }
    return false;
  }

  /** Calls `visit` with each interval, both ends included. */
  forEachInterval(visit: (low: number, high: number) => void): void {
    for (let i = 0; i < this.#lows.length; i++) visit(this.#lows[i]!, this.#highs[i]!);
  }
}
