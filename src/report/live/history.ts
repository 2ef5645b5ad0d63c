import { LIVE_HISTORY_POINTS, LIVE_UPDATE_MS } from '../../limits.js';
import type { LiveHistory } from './snapshot.js';

/** Rates over the whole of a build in a bounded number of points: as it goes on, they stand further apart. */
export class History {
  #atMs: number[] = [];
  #numbersPerS: number[] = [];
  #bytesPerS: number[] = [];
  #gapMs = LIVE_UPDATE_MS;

  /** Takes note of the rates at `atMs` since the start, unless the point before is too near. */
  add(atMs: number, numbersPerS: number, bytesPerS: number): void {
    const last = this.#atMs.at(-1);
    // A timer that is a little early is not too near.
    if (last !== undefined && atMs - last < this.#gapMs * 0.9) return;
    this.#atMs.push(Math.round(atMs));
    this.#numbersPerS.push(Math.round(numbersPerS));
    this.#bytesPerS.push(Math.round(bytesPerS));
    if (this.#atMs.length >= LIVE_HISTORY_POINTS) this.#thinOut();
  }

  read(): LiveHistory {
    return { atMs: this.#atMs, numbersPerS: this.#numbersPerS, bytesPerS: this.#bytesPerS };
  }

  #thinOut(): void {
    const takeHalf = (list: readonly number[]): number[] => list.filter((_, i) => i % 2 === 0);
    this.#atMs = takeHalf(this.#atMs);
    this.#numbersPerS = takeHalf(this.#numbersPerS);
    this.#bytesPerS = takeHalf(this.#bytesPerS);
    this.#gapMs *= 2;
  }
}
