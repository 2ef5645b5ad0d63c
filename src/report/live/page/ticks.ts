const TIME_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];

/** Round values from 0 on, some `count` of them, of which the last is not below `top`. */
export function chooseTicks(top: number, count: number): number[] {
  const least = Math.max(top, 1) / count;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= least) ?? 10);
  const steps = Math.ceil(Math.max(top, 1) / step);
  return Array.from({ length: steps + 1 }, (_, i) => i * step);
}

/** Round times from 0 to `endMs`, `count` of them at most, in ms. */
export function chooseTimeTicks(endMs: number, count: number): number[] {
  const leastS = endMs / 1000 / count;
  const days = Math.ceil(leastS / 86_400);
  const stepMs = 1000 * (TIME_STEPS_S.find((step) => step >= leastS) ?? days * 86_400);
  return Array.from({ length: Math.floor(endMs / stepMs) + 1 }, (_, i) => i * stepMs);
}

/** A time on an axis: `20s`, `5m`, `1m 30s`, `2h`. */
export function formatTime(atMs: number): string {
  const seconds = Math.round(atMs / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const there = parts.filter(([count]) => count > 0).slice(0, 2);
  return there.length === 0 ? '0' : there.map(([count, unit]) => `${count}${unit}`).join(' ');
}
