import { beforeEach, describe, expect, it } from 'vitest';
import { ProgressMeter } from '../../src/progress/meter.js';
import { jobDoneEvent, PLAN, startedEvent } from '../cli/progress/fake-build.js';

describe('ProgressMeter', () => {
  let nowMs = 0;
  let meter = new ProgressMeter();

  beforeEach(() => {
    nowMs = 5000;
    meter = new ProgressMeter(() => nowMs);
  });

  it('knows nothing before the start', () => {
    expect(meter.read()).toBeUndefined();
  });

  it('knows no rate before the first job', () => {
    meter.onEvent(startedEvent());
    nowMs += 3000;
    expect(meter.read()).toEqual({
      jobsDone: 0,
      jobs: 10n,
      numbersDone: 0n,
      bytesDone: 0n,
      fraction: 0,
      numbersPerS: undefined,
      bytesPerS: undefined,
      elapsedMs: 3000,
      leftMs: undefined,
      isCommitting: false,
    });
  });

  it('counts down between jobs', () => {
    meter.onEvent(startedEvent());
    nowMs += 1000;
    meter.onEvent(jobDoneEvent(2));
    expect(meter.read()).toMatchObject({ fraction: 0.2, numbersPerS: 2e6, bytesPerS: 2e7, leftMs: 4000 });
    nowMs += 600;
    expect(meter.read()).toMatchObject({ numbersPerS: 2e6, elapsedMs: 1600, leftMs: 3400 });
  });

  it('leaves an earlier run out of its rates', () => {
    meter.onEvent(startedEvent(8));
    expect(meter.read()).toMatchObject({ jobsDone: 8, fraction: 0.8, numbersPerS: undefined });
    nowMs += 1000;
    meter.onEvent(jobDoneEvent(9));
    expect(meter.read()).toMatchObject({ jobsDone: 9, numbersPerS: 1e6, bytesPerS: 1e7, leftMs: 1000 });
  });

  it('is at 1 only when all is done', () => {
    meter.onEvent(startedEvent());
    const almost = { jobsDone: 9, numbersDone: PLAN.numbers - 1n, bytesDone: PLAN.bytes - 1n };
    meter.onEvent({ type: 'job-done', job: 8, ...almost });
    expect(meter.read()?.fraction).toBe(0.999);
    meter.onEvent(jobDoneEvent(10));
    meter.onEvent({ type: 'committing' });
    expect(meter.read()).toMatchObject({ fraction: 1, leftMs: 0, isCommitting: true });
  });

  it('goes by numbers where nobody knows how many bytes there will be', () => {
    const none = { jobsDone: 0, numbersDone: 0n, bytesDone: 0n };
    meter.onEvent({ type: 'started', plan: { ...PLAN, bytes: undefined }, out: 'tables', cpus: 2, ...none });
    nowMs += 1000;
    const numbersDone = PLAN.numbers / 5n;
    meter.onEvent({ type: 'job-done', job: 1, jobsDone: 2, numbersDone, bytesDone: 17n });
    expect(meter.read()).toMatchObject({ fraction: 0.2, leftMs: 4000 });
  });

  it('knows the steps of placing until the last one is done', () => {
    meter.onEvent(startedEvent());
    meter.onEvent({ type: 'placing', done: 3, steps: 8 });
    expect(meter.read()?.placing).toMatchObject({ done: 3, steps: 8 });
    meter.onEvent({ type: 'placing', done: 8, steps: 8 });
    expect(meter.read()?.placing).toBeUndefined();
  });
});
