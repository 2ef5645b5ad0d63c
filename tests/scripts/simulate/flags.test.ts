import { describe, expect, it } from 'vitest';
import { HELP, readFlags } from '../../../scripts/simulate/flags.js';
import { parseMachines } from '../../../scripts/simulate/machines.js';
import { simulateBuild } from '../../../scripts/simulate/outcome.js';
import { formatTable } from '../../../scripts/simulate/table.js';
import { parseByteRate, parseSeconds } from '../../../scripts/simulate/units.js';

describe('units', () => {
  it.each([
    ['1.5GB/s', 1.5e9],
    ['10Gbit/s', 1.25e9],
    ['800 kB', 8e5],
  ])('%s is %d bytes a second', (text, expected) => expect(parseByteRate(text, '--disk')).toBe(expected));

  it.each([
    ['35s', 35],
    ['90min', 5400],
    ['30d', 2_592_000],
    ['none', Infinity],
  ])('%s is %d seconds', (text, expected) => expect(parseSeconds(text, '--mtbf')).toBe(expected));

  it.each([['3'], ['GB/s'], ['1GiB/s'], ['-1GB/s'], ['']])('%j is no rate, and the flag is named', (text) => {
    expect(() => parseByteRate(text, '--disk')).toThrow(/^--disk .*give a rate such as/);
  });
});

describe('machines', () => {
  it('are joined where they are alike', () => {
    expect(parseMachines('64,20,20,1000*16,4@0.5')).toEqual([
      { count: 1, cpus: 64, speed: 1 },
      { count: 2, cpus: 20, speed: 1 },
      { count: 1000, cpus: 16, speed: 1 },
      { count: 1, cpus: 4, speed: 0.5 },
    ]);
  });

  it.each([['0'], ['4,,4'], ['4x4'], ['1e9*64'], ['1000000*64']])('%j is refused', (text) => {
    expect(() => parseMachines(text)).toThrow('--machines');
  });
});

describe('flags', () => {
  it('make a case of each range and set of machines', () => {
    const { cases } = readFlags(['--range', '1e9,1e10', '--machines', '4', '--machines', '8']);
    expect(cases.map(({ range, machines }) => `${range} ${machines}`)).toEqual([
      '1e9 4',
      '1e10 4',
      '1e9 8',
      '1e10 8',
    ]);
  });

  it.each([
    ['--range', '5'],
    ['--spread', '1'],
    ['--price', 'free'],
    ['--jobs', '-1'],
    ['--dsik', '1GB/s'],
  ])('%s %s is refused by name', (...args) => {
    expect(() => readFlags(args)).toThrow(args[0]);
  });

  it('are all in the help', () => {
    for (const flag of [
      'range',
      'cpu-rate',
      'network',
      'disk',
      'merge-rate',
      'mtbf',
      'price',
      'seed',
      'json',
    ])
      expect(HELP).toContain(`--${flag}`);
  });
});

it('prints a row for each build, with its cost where there is a price', () => {
  const { cases } = readFlags(['--range', '1e9', '--machines', '4']);
  const rows = cases.map(({ range, machines, model }) => ({
    range,
    machines,
    outcome: simulateBuild(model),
  }));
  const [head = '', row = ''] = formatTable(rows, 2).split('\n');
  expect(head).toMatch(/range .* limit .* cost$/);
  expect(row).toMatch(/^ +1e9 +1 +40 +9\.89 GB/);
});
