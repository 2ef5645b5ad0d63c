import { describe, expectTypeOf, expect, it } from 'vitest';
import { z } from 'zod';
import type { WholeNumber } from '../../../src/range/whole-number.js';
import { defineSignature, type SignatureDefinition } from '../../../src/signatures/plug-in/definition.js';

const head = { name: 'mine', version: '1' };

describe('defineSignature', () => {
  it('gives its argument back', () => {
    const definition: SignatureDefinition = { ...head, keyOf: String };
    expect(defineSignature(definition)).toBe(definition);
  });

  it('knows types of options and state without being told', () => {
    defineSignature({
      ...head,
      options: z.object({ by: z.coerce.number() }),
      setup({ options }) {
        expectTypeOf(options).toEqualTypeOf<{ by: number }>();
        return Promise.resolve({ divisor: options.by });
      },
      keyOf(n, state) {
        expectTypeOf(n).toEqualTypeOf<WholeNumber>();
        expectTypeOf(state).toEqualTypeOf<{ divisor: number }>();
        return Number(n) % state.divisor;
      },
      valueOf(n, { divisor }) {
        return Number(n) / divisor;
      },
    });
  });

  it('takes functions of numbers alone, and none of strings', () => {
    defineSignature({ ...head, keyOf: (n: number) => (n > 5 ? 'a' : null), valueOf: (n: number) => 1 / n });
    // @ts-expect-error A number is what comes.
    defineSignature({ ...head, keyOf: (n: string) => n });
    // @ts-expect-error A value is a number.
    defineSignature({ ...head, keyOf: String, valueOf: String });
    // @ts-expect-error A key is text, a number or null.
    defineSignature({ ...head, keyOf: () => true });
    // @ts-expect-error A misspelt field.
    defineSignature({ ...head, keyOf: String, valueof: Number });
  });

  it('takes aggregates with partial results of their own', () => {
    defineSignature({
      ...head,
      keyOf: String,
      aggregates: {
        mean: {
          init: () => ({ sum: 0, count: 0 }),
          add: (part: Mean, _n: number, value: number) => ({ sum: part.sum + value, count: part.count + 1 }),
          merge: (left: Mean, right: Mean) => ({
            sum: left.sum + right.sum,
            count: left.count + right.count,
          }),
          finish: ({ sum, count }: Mean) => sum / count,
        },
      },
    });
  });
});

interface Mean {
  readonly sum: number;
  readonly count: number;
}
