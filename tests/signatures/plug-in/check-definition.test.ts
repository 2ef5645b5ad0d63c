import { describe, expect, it } from 'vitest';
import { SigtablesError } from '../../../src/errors.js';
import { checkDefinition } from '../../../src/signatures/plug-in/check-definition.js';

const GOOD = { name: 'mine', version: '1', keyOf: (n: number) => n % 9 };

function explain(fields: object): string {
  try {
    checkDefinition('/x/mine.ts', { default: { ...GOOD, ...fields } });
    return 'taken';
  } catch (error) {
    expect(error).toBeInstanceOf(SigtablesError);
    expect((error as SigtablesError).code).toBe('USAGE');
    expect((error as SigtablesError).message).toMatch(
      /^the signature \/x\/mine\.ts [^\n]+: expected|^the signature \/x\/mine\.ts [^\n]+$/,
    );
    return (error as SigtablesError).message.replace('the signature /x/mine.ts ', '');
  }
}

describe('checkDefinition', () => {
  const own = { init: () => 0, add: () => 0, merge: () => 0 };

  it.each<[object]>([
    [{}],
    [{ start: 10, end: 11n }],
    [{ start: 2n ** 60n }],
    [{ name: 'Größe, 3rd (b)' }],
    [{ setup: undefined, valueOf: undefined, end: undefined, aggregates: undefined }],
    [
      {
        setup: async () => Promise.resolve(1),
        valueOf: (n: number) => n,
        aggregates: { own, own_2: { ...own, finish: String } },
      },
    ],
  ])('takes %o', (fields) => {
    expect(explain(fields)).toBe('taken');
  });

  it.each<[object, string]>([
    [{ name: undefined }, 'has no name: expected one line of 1 to 100 characters, such as "digit-root"'],
    [{ name: 7 }, 'has 7 as name: expected one line'],
    [{ name: '' }, 'has an unfit name, "": expected'],
    [{ name: ' a' }, 'has an unfit name, " a": expected'],
    [{ name: 'a\nb' }, 'has an unfit name, "a\\nb": expected'],
    [{ name: 'a'.repeat(101) }, 'has an unfit name, "aaa'],
    [{ version: undefined }, 'has no version: expected one line of 1 to 100 characters, such as "1"'],
    [{ version: 1 }, 'has 1 as version'],
    [{ version: ['1'] }, 'has an array as version'],
    [{ keyOf: 'x' }, 'has a string as keyOf: expected a function from number to key'],
    [{ keyOf: async () => Promise.resolve(1) }, 'has an async function or a generator as keyOf'],
    [
      {
        *valueOf() {
          yield 1;
        },
      },
      'has an async function or a generator as valueOf',
    ],
    [{ setup: {} }, 'has an object as setup: expected a function'],
    [{ valueOf: 5 }, 'has 5 as valueOf: expected a function'],
    [{ valueOf: null }, 'has null as valueOf: expected a function'],
    [{ start: -1 }, 'has -1 as start: expected a whole number from 0 on'],
    [{ start: 1.5 }, 'has 1.5 as start'],
    [
      { start: 2 ** 53 },
      'has 9007199254740992 as start: expected a whole number from 0 on, above 2^53 - 1 a bigint',
    ],
    [{ start: '10' }, 'has a string as start'],
    [{ end: -5n }, 'has -5n as end'],
    [{ end: 0 }, 'ends at 0, not above its start 0'],
    [{ start: 10n, end: 10 }, 'ends at 10, not above its start 10n'],
    [{ options: 'a' }, 'has a string as options: expected a zod schema, such as z.object({ … })'],
    [{ options: {} }, 'has an object as options: expected a zod schema'],
    [{ aggregates: 5 }, 'has 5 as aggregates: expected an object of aggregates by name'],
    [{ aggregates: { sum: own } }, 'has an aggregate "sum", which is built in'],
    [{ aggregates: { 'a b': own } }, 'has an aggregate "a b": expected a name of letters'],
    [{ aggregates: { own: { ...own, merge: 1 } } }, 'has an aggregate "own" without a function merge'],
    [{ aggregates: { own: null } }, 'has an aggregate "own" without a function init'],
    [{ aggregates: { own: { ...own, finish: 1 } } }, 'has an aggregate "own" with 1 as finish'],
    [{ closedForm: { tally: () => 1 } }, 'has a closedForm without the function rank, select, '],
    [{ closedForm: null }, 'has a closedForm without the function tally'],
  ])('refuses %o', (fields, complaint) => {
    expect(explain(fields)).toContain(complaint);
  });

  it.each<[string, unknown]>([
    ['the default', { default: GOOD }],
    ['a compiled default', { default: { __esModule: true, default: GOOD } }],
    ['CommonJS exports without a default', GOOD],
  ])('finds %s', (_, namespace) => {
    expect(checkDefinition('/x/mine.ts', namespace)).toBe(GOOD);
  });

  it('takes an instance of a class', () => {
    class Mine {
      readonly name = 'mine';
      readonly version = '1';
      keyOf(n: number): number {
        return n;
      }
    }
    expect(checkDefinition('/x/mine.ts', { default: new Mine() }).name).toBe('mine');
  });
});
