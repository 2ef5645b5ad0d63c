/** Names of plug-ins are one line of up to 100 characters; one from a file name needs no more than these. */
function toName(text: string): string {
  return text.replace(/[^\w.-]+/g, '-').slice(0, 100);
}

/** The module of a signature to start from, in TypeScript or in JavaScript. */
export function writeDefinition(name: string, isTypeScript: boolean): string {
  const number = isTypeScript ? 'n: number | bigint' : 'n';
  return `import { defineSignature } from 'sigtables';

/**
 * Sorts whole numbers into buckets: all numbers for which keyOf returns the same key are one bucket of the tables.
 * This one goes by the sum of the decimal digits. The fields that are commented out are optional.
 */
export default defineSignature({
  /** The tables record both. Give another version whenever keys change. */
  name: '${toName(name)}',
  version: '1',

  /** The first number that has a key. An \`end\`, if you give one, is the first number that has none any more. */
  start: 0,

  /**
   * What --option key=value may say. Values come as text; a zod schema checks and converts them
   * (npm install zod; import { z } from 'zod').
   */
  // options: z.strictObject({ base: z.coerce.number().int().min(2).max(36).default(10) }),

  /** Runs once in every worker thread, before the first number: load data here. What it returns is keyOf's second argument. */
  // async setup({ options }) {
  //   return { base: options.base };
  // },

  /**
   * The key of n: text, a number, or null to leave n out of the tables. It is called for every number of the range, by
   * several threads and in any order, so it may depend on nothing but n and what setup returned.
   * n is a number up to 2 ** 53 - 1 and a bigint above.${isTypeScript ? ' Write (n: number) if you stay below.' : ''}
   */
  keyOf(${number}) {
    let sum = 0;
    for (const digit of String(n)) sum += Number(digit);
    return sum;
  },

  /** What --aggregate sum, min and max take of n: n itself unless you say otherwise. */
  // valueOf(${number}) {
  //   return 1 / Number(n);
  // },
});
`;
}

/** The test of the module that \`writeDefinition\` writes, for node:test. `file` is the module's name in the same folder. */
export function writeTest(file: string): string {
  const url = `'./${encodeURIComponent(file).replaceAll("'", '%27')}'`;
  return `// Run it with: node --test
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSignature } from 'sigtables';

// Loads the file as sigtables build does, and runs its setup; the second argument is what --option would give.
const signature = await openSignature(new URL(${url}, import.meta.url), {});

test('keys that are known by other means', () => {
  assert.equal(signature.keyOf(0), 0);
  assert.equal(signature.keyOf(1234), 10);
  assert.equal(signature.keyOf(9999), 36);
});

test('numbers above 2 ** 53, which come as bigint', () => {
  assert.equal(signature.keyOf(10n ** 20n + 23n), 6);
});

test('the same key for the same number, always', () => {
  for (let n = 0; n < 1000; n += 1) assert.equal(signature.keyOf(n), signature.keyOf(n));
});
`;
}
