import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSigner } from '../../../src/signatures/reduced/line-signer.js';
import { readReferenceSignatures } from '../../fixtures/reference-signatures.js';
import { signByLiteralLoop } from './literal-loop.js';

const TEXT = { separator: '', before: '', between: '\t', after: '\n' };

function signText(text: string, format = TEXT): string {
  const signer = new LineSigner('standard input', format);
  signer.sign(Buffer.from(text));
  return signer.take().toString();
}

describe('LineSigner', () => {
  it('gives what the original program printed', () => {
    const vectors = readReferenceSignatures();
    expect(signText(vectors.map(({ n }) => `${n}\n`).join(''))).toBe(
      vectors.map(({ n, key }) => `${n}\t${key}\n`).join(''),
    );
  });

  it('equals the literal loop for random numbers in every spelling of a line', () => {
    const number = fc
      .integer({ min: 2, max: 40 })
      .chain((d) => fc.bigInt({ min: 10n, max: 10n ** BigInt(d) }));
    const spelling = fc.constantFrom<(n: bigint) => string>(
      (n) => `${n}\n`,
      (n) => `${n}\r\n`,
      (n) => `000${n}\n`,
      (n) => ` ${n} \n`,
      (n) => `\ufeff${n}\n`,
      (n) => `${n}e0\r\n`,
      (n) => `${n + 7n}-7\n`,
    );
    const line = fc.record({ n: number, spell: spelling });
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.map(({ n, spell }) => spell(n)).join('');
        expect(signText(text)).toBe(lines.map(({ n }) => `${n}\t${signByLiteralLoop(n)}\n`).join(''));
      }),
    );
  });

  it('goes on with the next block where the last one ended', () => {
    const signer = new LineSigner('standard input', { ...TEXT, separator: ';' });
    signer.sign(Buffer.from('10\n11\n'));
    expect(signer.take().toString()).toBe('10\t0210\n;11\t0211\n');
    expect(signer.take()).toHaveLength(0);
    signer.sign(Buffer.from('12\n'));
    expect(signer.take().toString()).toBe(';12\t0211\n');
    expect(() => signer.sign(Buffer.from('x\n'))).toThrow('standard input, line 4: "x" is not a number');
  });

  it('keeps what it has handed over', () => {
    const signer = new LineSigner('standard input', TEXT);
    signer.sign(Buffer.from('10\n'));
    const taken = signer.take();
    signer.sign(Buffer.from('99\n'));
    expect(taken.toString()).toBe('10\t0210\n');
  });

  it('grows with what its lines stand for', () => {
    const digits = `1${'0'.repeat(9999)}`;
    expect(signText('1e9999\n'.repeat(100))).toBe(`${digits}\t999920\n`.repeat(100));
    expect(signText(`${'9'.repeat(1_000_000)}\n`)).toBe(`${'9'.repeat(1_000_000)}\t${1 + 9 * 999_998}99\n`);
  });

  it.each([
    ['10\n\n11\n', 2, '"" is empty'],
    ['10\n  \n11\n', 2, '"" is empty'],
    ['10\n\r\n', 2, '"" is empty'],
    ['10\n11\n9\n', 3, '"9" has no signature: it is defined from 10 on'],
    ['0\n', 1, '"0" has no signature'],
    ['0009\n', 1, '"0009" has no signature'],
    ['1-1\n', 1, '"1-1" has no signature'],
    ['10\r11\n', 1, 'is not a number'],
    ['12 13\n', 1, '"12 13" is not a number'],
    ['12\t0211\n', 1, 'is not a number'],
    ['12\0\n', 1, 'is not a number'],
    ['-5\n', 1, '"-5" is negative'],
    ['1.5\n', 1, '"1.5" is not a whole number'],
  ])('refuses %j', (text, line, complaint) => {
    expect(() => signText(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(() => signText(text)).toThrow(`standard input, line ${line}: `);
    expect(() => signText(text)).toThrow(complaint);
  });

  it('has signed the lines above a bad one', () => {
    const signer = new LineSigner('standard input', TEXT);
    expect(() => signer.sign(Buffer.from('10\n11\nabc\n12\n'))).toThrow('line 3');
    expect(signer.take().toString()).toBe('10\t0210\n11\t0211\n');
  });
});
