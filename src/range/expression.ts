import {
  expressionMalformed,
  expressionNegative,
  expressionNotWhole,
  expressionTooLarge,
} from '../errors.js';
import { MAX_EXPRESSION_DIGITS } from '../limits.js';

const DIGITS = String.raw`\d+(?:_\d+)*`;
const NUMBER = new RegExp(String.raw`(${DIGITS})(?:\.(${DIGITS}))?(?:[eE]([+-]?${DIGITS}))?`, 'y');
const EXPONENT = new RegExp(DIGITS, 'y');
const POWER = /\s*(?:\*\*|\^)\s*/y;
const SIGN = /\s*([+-])\s*/y;

/** A term or sum in decimal: `coefficient` * 10^`scale`, with `scale` <= 0. */
interface Decimal {
  readonly coefficient: bigint;
  readonly scale: number;
}

/** What is being parsed, and where it stands: `at` only moves forward, so every expression takes linear time. */
interface Cursor {
  readonly text: string;
  readonly flag: string;
  at: number;
}

/**
 * The exact value of an expression such as `1e9`, `1_000_000`, `10**9`, `2^40`, `1.5e6` or `1e9 + 1e6`.
 * Throws a USAGE error naming `flag` when it is malformed, negative, not whole, or above MAX_EXPRESSION_DIGITS digits.
 */
export function parseNumber(text: string, flag: string): bigint {
  const cursor: Cursor = { text: text.trim(), flag, at: 0 };
  const sum = readSum(cursor);
  if (cursor.at < cursor.text.length) throw malformed(cursor);
  return requireBounded(requireNatural(sum, cursor), cursor);
}

function readSum(cursor: Cursor): Decimal {
  let sign = match(cursor, SIGN)?.[1] ?? '+';
  let sum: Decimal = { coefficient: 0n, scale: 0 };
  for (;;) {
    const term = readTerm(cursor);
    sum = add(sum, sign === '-' ? { ...term, coefficient: -term.coefficient } : term);
    const next = match(cursor, SIGN)?.[1];
    if (next === undefined) return sum;
    sign = next;
  }
}

function readTerm(cursor: Cursor): Decimal {
  const [found, whole = '', fraction = '', exponent = '0'] = match(cursor, NUMBER) ?? [];
  if (found === undefined) throw malformed(cursor);
  const base = scaleDecimal(stripUnderscores(whole), stripUnderscores(fraction), exponent, cursor);
  if (match(cursor, POWER) === undefined) return base;
  const power = match(cursor, EXPONENT)?.[0];
  if (power === undefined) throw malformed(cursor);
  return { coefficient: raise(requireNatural(base, cursor), stripUnderscores(power), cursor), scale: 0 };
}

/** The size is judged by the digits alone, before anything of that size is computed. */
function scaleDecimal(whole: string, fraction: string, exponent: string, cursor: Cursor): Decimal {
  const digits = stripLeadingZeros(whole + fraction);
  if (digits === '0') return { coefficient: 0n, scale: 0 };
  const scale = Number(stripUnderscores(exponent)) - fraction.length;
  if (digits.length + scale > MAX_EXPRESSION_DIGITS || digits.length > 2 * MAX_EXPRESSION_DIGITS) {
    throw expressionTooLarge(cursor.flag, cursor.text, MAX_EXPRESSION_DIGITS);
  }
  if (scale < -2 * MAX_EXPRESSION_DIGITS) throw expressionNotWhole(cursor.flag, cursor.text);
  const coefficient = BigInt(digits);
  return scale > 0 ? { coefficient: coefficient * 10n ** BigInt(scale), scale: 0 } : { coefficient, scale };
}

function raise(base: bigint, exponent: string, cursor: Cursor): bigint {
  if (base === 1n) return 1n;
  if (base === 0n) return stripLeadingZeros(exponent) === '0' ? 1n : 0n;
  const atLeastDigits = (base.toString(2).length - 1) * Math.log10(2) * Number(exponent);
  if (atLeastDigits > MAX_EXPRESSION_DIGITS)
    throw expressionTooLarge(cursor.flag, cursor.text, MAX_EXPRESSION_DIGITS);
  return base ** BigInt(exponent);
}

function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.min(a.scale, b.scale);
  return { coefficient: rescale(a, scale) + rescale(b, scale), scale };
}

function rescale({ coefficient, scale }: Decimal, toScale: number): bigint {
  return scale === toScale ? coefficient : coefficient * 10n ** BigInt(scale - toScale);
}

function requireNatural({ coefficient, scale }: Decimal, cursor: Cursor): bigint {
  if (coefficient < 0n) throw expressionNegative(cursor.flag, cursor.text);
  if (scale === 0) return coefficient;
  const unit = 10n ** BigInt(-scale);
  if (coefficient % unit !== 0n) throw expressionNotWhole(cursor.flag, cursor.text);
  return coefficient / unit;
}

function requireBounded(value: bigint, cursor: Cursor): bigint {
  if (value.toString().length > MAX_EXPRESSION_DIGITS)
    throw expressionTooLarge(cursor.flag, cursor.text, MAX_EXPRESSION_DIGITS);
  return value;
}

function match(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found === null) return undefined;
  cursor.at += found[0].length;
  return found;
}

function malformed(cursor: Cursor): Error {
  return expressionMalformed(cursor.flag, cursor.text, cursor.text.slice(cursor.at));
}

function stripUnderscores(digits: string): string {
  return digits.replaceAll('_', '');
}

function stripLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}
