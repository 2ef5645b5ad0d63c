import { resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { resolveSignature } from '../../src/cli/signature-options.js';

afterEach(() => vi.unstubAllEnvs());

describe('resolveSignature', () => {
  it.each([[undefined], ['reduced']])('takes %s for the built-in signature', (signature) => {
    expect(resolveSignature({ signature })).toEqual({ kind: 'built-in' });
  });

  it.each([['./mine'], ['mine.ts'], ['a/b.mjs'], ['/x/reduced'], ['..\\mine']])(
    'takes %s for a file',
    (signature) => {
      expect(resolveSignature({ signature })).toEqual({
        kind: 'file',
        source: { path: resolve(signature), options: {} },
      });
    },
  );

  it('reads the variable', () => {
    vi.stubEnv('SIGTABLES_SIGNATURE', 'mine.ts');
    expect(resolveSignature({})).toMatchObject({ kind: 'file', source: { path: resolve('mine.ts') } });
    expect(resolveSignature({ signature: 'reduced' })).toEqual({ kind: 'built-in' });
    vi.stubEnv('SIGTABLES_SIGNATURE', 'mine');
    expect(() => resolveSignature({})).toThrow('SIGTABLES_SIGNATURE "mine" is unknown');
  });

  it('collects options', () => {
    const option = ['a=1', 'b=', 'c=x=y', ' d = 5', '__proto__=x'];
    const choice = resolveSignature({ signature: 'mine.ts', option });
    const options = choice.kind === 'file' ? Object.entries(choice.source.options) : [];
    expect(options).toEqual([
      ['a', '1'],
      ['b', ''],
      ['c', 'x=y'],
      ['d', ' 5'],
      ['__proto__', 'x'],
    ]);
  });

  it.each<[string, readonly string[], string]>([
    [
      'mine',
      [],
      '--signature "mine" is unknown: expected reduced, the built-in one, or a file such as ./mine.ts',
    ],
    ['mine.ts', ['a'], '--option "a" is no option: expected key=value'],
    ['mine.ts', ['=5'], '--option "=5" is no option: expected key=value'],
    ['mine.ts', ['a=1', 'b=2', 'a=1'], '--option a is given twice: leave one of them out'],
    ['mine.ts', ['--json'], '--option needs a value, but "--json" follows'],
    ['reduced', ['a=1'], '--option a is unknown: the signature reduced takes no options'],
    ['', [], '--signature is empty'],
  ])('refuses %j %j', (signature, option, complaint) => {
    expect(() => resolveSignature({ signature, option })).toThrow(complaint);
  });
});
