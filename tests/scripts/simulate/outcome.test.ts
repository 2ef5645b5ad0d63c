import { describe, expect, it } from 'vitest';
import type { Model } from '../../../scripts/simulate/model.js';
import { averageBytes } from '../../../scripts/simulate/model.js';
import { simulateBuild } from '../../../scripts/simulate/outcome.js';

/** 1e9 numbers of 10 bytes on one machine of four threads of 1e6 numbers a second, limited by nothing else. */
const PLAIN: Model = {
  numbers: 1e9,
  bytesPerNumber: 10,
  machines: [{ count: 1, cpus: 4, speed: 1 }],
  cpuRate: 1e6,
  networkRate: 1e12,
  diskRate: 1e12,
  mergeRate: 1e9,
  isMerged: false,
  jobs: 400,
  queueRate: 1e9,
  jobOverheadSeconds: 0,
  spread: 0,
  failureSeconds: Infinity,
  repairSeconds: 60,
  expirySeconds: [30, 40],
  seed: 1,
};

describe('what limits a build', () => {
  it.each([
    ['cpu', {}, 250],
    ['disk', { diskRate: 1e7 }, 1000],
    ['network', { networkRate: 1.25e7 }, 800],
    ['queue', { queueRate: 0.4 }, 1000],
  ] as const)('%s: the time is that of the arithmetic', (limit, change, seconds) => {
    const outcome = simulateBuild({ ...PLAIN, ...change });
    expect(outcome.limit).toBe(limit);
    expect(outcome.jobsSeconds / seconds).toBeCloseTo(1, 2);
    expect(outcome.mergeSeconds).toBe(0);
  });

  it('the merge, by the slowest of process, network and half of the disk', () => {
    const merged = { ...PLAIN, isMerged: true };
    expect(simulateBuild(merged).mergeSeconds).toBeCloseTo(10);
    expect(simulateBuild({ ...merged, networkRate: 1e8 }).mergeSeconds).toBeCloseTo(100);
    expect(simulateBuild({ ...merged, diskRate: 1e7 })).toMatchObject({ mergeSeconds: 2000, limit: 'merge' });
  });

  it('the overhead of a job, once for each', () => {
    const { jobsSeconds } = simulateBuild({ ...PLAIN, jobOverheadSeconds: 0.5 });
    expect(jobsSeconds).toBeCloseTo(250 + 100 * 0.5, 3);
  });
});

describe('unequal machines', () => {
  const machines = [1, 4, 16].map((speed) => ({ count: 1, cpus: 1, speed }));

  it('each do what they can: the end is within a job of the slowest of the ideal', () => {
    const outcome = simulateBuild({ ...PLAIN, machines });
    const ideal = 1e9 / 21e6;
    expect(outcome.jobsSeconds).toBeGreaterThanOrEqual(ideal);
    expect(outcome.jobsSeconds).toBeLessThanOrEqual(ideal + 1e9 / 400 / 1e6);
  });

  it('share a disk so that the slow ones get what they can use', () => {
    // 1 and 4 MB/s of numbers fit; the fast one has what is left of 100 MB/s.
    const { jobsSeconds } = simulateBuild({ ...PLAIN, machines, diskRate: 1e8, jobs: 40_000 });
    expect(jobsSeconds).toBeCloseTo(1e10 / 1e8, 0);
  });
});

describe('failures', () => {
  const failing = {
    ...PLAIN,
    machines: [{ count: 50, cpus: 4, speed: 0.01 }],
    failureSeconds: 2000,
    jobs: 8000,
  };

  it('cost the work that was under way, and the jobs are done again', () => {
    const outcome = simulateBuild(failing);
    const calm = simulateBuild({ ...failing, failureSeconds: Infinity });
    expect(calm).toMatchObject({ failures: 0, lostJobs: 0, lostShare: 0, attemptsMax: 1 });
    // 500 s on 50 machines that last 2000 s; half a job of 12.5 s is lost on each of four threads.
    expect(outcome.failures).toBeGreaterThan(3);
    expect(outcome.failures).toBeLessThan(40);
    expect(outcome.lostJobs).toBeLessThanOrEqual(4 * outcome.failures);
    expect(outcome.attemptsMax).toBeGreaterThan(1);
    expect(outcome.jobsSeconds).toBeGreaterThan(calm.jobsSeconds);
  });

  it('are the same for the same seed, and others for another', () => {
    expect(simulateBuild(failing)).toEqual(simulateBuild(failing));
    expect(simulateBuild({ ...failing, seed: 2 })).not.toEqual(simulateBuild(failing));
  });

  it('of the last machine for good are said', () => {
    const model = { ...PLAIN, failureSeconds: 10, repairSeconds: Infinity };
    expect(() => simulateBuild(model)).toThrow('every machine has failed for good');
  });

  it('that come before a job can end are said', () => {
    const model = { ...PLAIN, jobs: 4, failureSeconds: 1, repairSeconds: 1 };
    expect(() => simulateBuild(model)).toThrow('take more --jobs');
  });
});

it('knows how long numbers are as text', () => {
  // 90 of two digits, 900 of three, 9000 of four; a comma behind each.
  expect(averageBytes(10_000)).toBeCloseTo((90 * 3 + 900 * 4 + 9000 * 5) / 9990, 10);
});
