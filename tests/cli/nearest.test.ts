import { describe, expect, it } from 'vitest';
import { findNearest } from '../../src/cli/nearest.js';

const FLAGS = [
  '--range',
  '--cpus',
  '--chunk',
  '--layout',
  '--out',
  '--force',
  '--no-sync',
  '--quiet',
  '--json',
];

describe('findNearest', () => {
  it.each([
    ['--rnge', '--range'],
    ['--ragne', '--range'],
    ['--rangee', '--range'],
    ['--cpu', '--cpus'],
    ['--chunks', '--chunk'],
    ['--nosync', '--no-sync'],
    ['-out', '--out'],
    ['--josn', '--json'],
  ])('takes %s for %s', (word, flag) => {
    expect(findNearest(word, FLAGS)).toBe(flag);
  });

  it.each(['--xyzzy', '--signature', '-x', ''])('makes nothing of "%s"', (word) => {
    expect(findNearest(word, FLAGS)).toBeUndefined();
  });

  it('prefers the first of two as near', () => {
    expect(findNearest('ac', ['ab', 'ad'])).toBe('ab');
  });
});
