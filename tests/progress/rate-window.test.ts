import { describe, expect, it } from 'vitest';
import { RateWindow } from '../../src/progress/rate-window.js';
import { RATE_WINDOW_MS } from '../../src/limits.js';

describe('RateWindow', () => {
  it('knows nothing before anything is done', () => {
    expect(new RateWindow(1000).measure(5000)).toBeUndefined();
  });

  it('measures from the start', () => {
    const window = new RateWindow(1000);
    window.add(3000, 500, 5000);
    expect(window.measure(3000)).toEqual({ numbersPerS: 250, bytesPerS: 2500, idleMs: 0 });
  });

  it('stands still between two jobs, and sinks when nothing comes', () => {
    const window = new RateWindow(0);
    window.add(2000, 1000, 1000);
    expect(window.measure(3000)?.numbersPerS).toBe(500);
    expect(window.measure(4000)?.numbersPerS).toBe(500);
    expect(window.measure(12_000)?.numbersPerS).toBe(100);
  });

  it('forgets what is older than the window', () => {
    const window = new RateWindow(0);
    let numbers = 0;
    for (let atMs = 1000; atMs <= 60_000; atMs += 1000) {
      numbers += atMs <= 30_000 ? 1_000_000 : 10;
      window.add(atMs, numbers, numbers);
    }
    expect(60_000 - 30_000).toBeGreaterThan(RATE_WINDOW_MS + 1000);
    expect(window.measure(60_000)?.numbersPerS).toBe(10);
  });

  it('keeps a rate when jobs take longer than the window', () => {
    const window = new RateWindow(0);
    for (let job = 1; job <= 5; job++) window.add(job * 100_000, job * 100, job * 100);
    expect(window.measure(500_000)?.numbersPerS).toBe(1);
  });

  it('measures jobs that end in a burst', () => {
    const window = new RateWindow(0);
    for (let job = 1; job <= 4000; job++) window.add(job, job * 10, job);
    expect(window.measure(4000)).toEqual({ numbersPerS: 10_000, bytesPerS: 1000, idleMs: 0 });
  });

  it('survives a job that ends in no time', () => {
    const window = new RateWindow(0);
    window.add(0, 5, 5);
    expect(window.measure(0)?.numbersPerS).toBe(5000);
  });
});
