import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseOptions } from '../../../src/signatures/plug-in/parse-options.js';

const shape = { width: z.coerce.number().int(), kind: z.enum(['a', 'b']).default('a') };
const plain = z.object(shape);

function parse(schema: z.ZodType | undefined, options: Record<string, string>): unknown {
  return parseOptions('/x/mine.ts', schema, options);
}

describe('parseOptions', () => {
  it('gives what the schema makes of them', () => {
    expect(parse(plain, { width: '5' })).toEqual({ width: 5, kind: 'a' });
    expect(parse(undefined, {})).toEqual({});
  });

  it('leaves a schema its freedom', () => {
    expect(parse(z.looseObject(shape), { width: '5', more: 'x' })).toEqual({
      width: 5,
      kind: 'a',
      more: 'x',
    });
    expect(parse(z.record(z.string(), z.string()), { any: 'x' })).toEqual({ any: 'x' });
    expect(
      parse(
        plain.transform(({ width }) => width),
        { width: '5' },
      ),
    ).toBe(5);
  });

  it.each<[z.ZodType | undefined, Record<string, string>, string]>([
    [undefined, { a: '1' }, '--option a is unknown: the signature /x/mine.ts takes no options'],
    [
      plain,
      { width: 'x' },
      '--option width "x" is refused by the signature /x/mine.ts: Invalid input: expected number',
    ],
    [plain, {}, 'the signature /x/mine.ts needs --option width=…, which is not given (Invalid input'],
    [
      plain,
      { width: '5', knid: 'b' },
      '--option knid is unknown to the signature /x/mine.ts: it takes width, kind',
    ],
    [
      z.strictObject(shape),
      { width: '5', knid: 'b' },
      '--option knid is unknown to the signature /x/mine.ts: it takes width, kind',
    ],
    [
      plain.refine(() => false, 'too large together'),
      { width: '5' },
      'the options are refused by the signature /x/mine.ts: too large together',
    ],
    [
      plain.transform(() => {
        throw new Error('odd');
      }),
      { width: '5' },
      'the options are refused by the signature /x/mine.ts: Error: odd',
    ],
    [plain, { ['__proto__']: 'x', width: '5' }, '--option __proto__ is unknown'],
  ])('explains what is wrong (%#)', (schema, options, complaint) => {
    expect(() => parse(schema, options)).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
    expect(() => parse(schema, options)).toThrow(complaint);
  });
});
