import { expect, test, describe } from 'vitest';
import { chartKeys } from '../../src/report/key-chart.js';
import { chartSteps } from '../../src/report/steps-chart.js';
import { surveyBuckets, type SizedBucket } from '../../src/report/survey.js';

const bucket = (key: string, count: bigint): SizedBucket => ({ key, count, first: 0n, last: 0n });
const countOf = ({ count }: SizedBucket): bigint => count;
const chart = (buckets: SizedBucket[]): ReturnType<typeof chartKeys> =>
  chartKeys(surveyBuckets(buckets, countOf), () => buckets, countOf, 'numbers');

describe('chartSteps', () => {
  test('is not for other keys', () => {
    expect(chartSteps([bucket('0211', 1n), bucket('</script>', 1n)])).toBeUndefined();
    expect(chartSteps([])).toBeUndefined();
  });

  test('lets step counts share columns where there are many', () => {
    const buckets = Array.from({ length: 400 }, (_, i) => bucket(`${i + 10}21`, 2n));
    const { firstSteps, stepsPerColumn, columns, lists } = chartSteps(buckets)!;
    expect({ firstSteps, stepsPerColumn, columns }).toEqual({
      firstSteps: 10,
      stepsPerColumn: 3,
      columns: 134,
    });
    expect(lists).toEqual([[...Array.from({ length: 133 }, () => '6'), '2'].join(' ')]);
  });
});

describe('chartKeys', () => {
  test('sorts names by size, and numbers by themselves', () => {
    expect(chart([bucket('b', 1n), bucket('a', 3n)])).toMatchObject({
      areNumbers: false,
      bars: [{ key: 'a' }, { key: 'b' }],
    });
    expect(chart([bucket('10', 3n), bucket('-9', 1n), bucket('2', 2n)])).toMatchObject({
      areNumbers: true,
      bars: [{ key: '-9', amount: '1' }, { key: '2' }, { key: '10' }],
    });
  });

  test.each([
    ['whole', (i: number) => String(i * 3 - 500), { isWhole: true, isLog: false }],
    ['fractions', (i: number) => String(i / 8), { isWhole: false, isLog: false }],
    [
      'of very different sizes',
      (i: number) => String(10n ** BigInt(i % 290) + BigInt(i)),
      { isWhole: false, isLog: true },
    ],
  ])('gathers many keys that are %s in bins, none lost', (_, keyOf, expected) => {
    const made = chart(Array.from({ length: 1000 }, (_, i) => bucket(keyOf(i), 2n)));
    expect(made).toMatchObject({ kind: 'bins', ...expected });
    if (made.kind !== 'bins') return;
    expect(made.bins.length).toBeLessThanOrEqual(160);
    expect(made.bins.reduce((sum, { amount }) => sum + amount, 0)).toBe(2000);
    for (const { from, to } of made.bins) expect(from).toBeLessThan(to);
  });

  test('puts as many whole keys into each bin', () => {
    const made = chart(Array.from({ length: 480 }, (_, i) => bucket(String(i), 1n)));
    expect(made.kind === 'bins' && new Set(made.bins.map(({ buckets }) => buckets))).toEqual(new Set([3]));
  });

  test('ranks many names, from the largest to the smallest', () => {
    const made = chart(Array.from({ length: 5000 }, (_, i) => bucket(`k${i}`, BigInt(i + 1))));
    expect(made.kind).toBe('ranks');
    if (made.kind !== 'ranks') return;
    expect(made.points.length).toBeLessThanOrEqual(401);
    expect(made.points[0]).toEqual({ rank: 1, amount: 5000 });
    expect(made.points.at(-1)).toEqual({ rank: 5000, amount: 1 });
    for (const { rank, amount } of made.points) expect(amount).toBe(5001 - rank);
  });

  test('draws only finite numbers, whatever a manifest claims', () => {
    const made = chart(Array.from({ length: 500 }, (_, i) => bucket(String(i), 10n ** 5000n)));
    expect(JSON.stringify(made)).not.toContain('null');
  });
});

test('surveyBuckets keeps the ten largest and smallest, of equal ones the first', () => {
  const counts = [5n, 1n, 7n, 7n, 3n, 9n, 2n, 8n, 1n, 4n, 6n, 7n, 3n];
  const { largest, smallest } = surveyBuckets(
    counts.map((count, i) => bucket(`k${i}`, count)),
    countOf,
  );
  const sorted = counts.map((count, i) => ({ count, key: `k${i}` }));
  const up = [...sorted].sort((a, b) => Number(a.count - b.count)).slice(0, 10);
  const down = [...sorted].sort((a, b) => Number(b.count - a.count)).slice(0, 10);
  expect(largest.map(({ key }) => key)).toEqual(down.map(({ key }) => key));
  expect(smallest.map(({ key }) => key)).toEqual(up.map(({ key }) => key));
});
