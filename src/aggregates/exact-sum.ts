/** Every finite double is a whole multiple of 2^-1074. */
const SCALE = 1074n;

/**
 * An exact sum of doubles and bigints: non-overlapping doubles, least first (Shewchuk 1997), or, once these would
 * overflow or a bigint came, a bigint that counts units of 2^-1074.
 */
export type ExactSum = number[] | bigint;

/** `sum` with one more finite value. The array given may be changed and returned. */
export function addExactly(sum: ExactSum, value: number | bigint): ExactSum {
  if (typeof value === 'bigint') return toUnits(sum) + (value << SCALE);
  if (typeof sum === 'bigint') return sum + doubleToUnits(value);
  // Two doubles below 2^1022 never overflow; `high` is looked at before anything is written.
  const greatest = sum.length === 0 ? 0 : sum[sum.length - 1]!;
  if (Math.abs(value) >= 2 ** 1022 || Math.abs(greatest) >= 2 ** 1022)
    return toUnits(sum) + doubleToUnits(value);
  let carry = value;
  let length = 0;
  for (let index = 0; index < sum.length; index++) {
    const part = sum[index]!;
    const high = carry + part;
    const shifted = high - carry;
    const low = carry - (high - shifted) + (part - shifted);
    if (low !== 0) sum[length++] = low;
    carry = high;
  }
  if (carry !== 0) sum[length++] = carry;
  sum.length = length;
  return sum;
}

/** Both sums as one. `left` may be changed and returned. */
export function addSums(left: ExactSum, right: ExactSum): ExactSum {
  if (typeof right === 'bigint') return toUnits(left) + right;
  return right.reduce<ExactSum>(addExactly, left);
}

/** The double nearest to the sum, ties to even; infinite where it is past all doubles. */
export function roundExactly(sum: ExactSum): number {
  if (typeof sum !== 'bigint' && sum.length <= 2) return (sum[0] ?? 0) + (sum[1] ?? 0);
  return unitsToDouble(toUnits(sum));
}

/**
 * What the sum has besides the number that its text shows, as doubles that add up to it, each the nearest to what is left: the same for
 * equal sums. None where the text shows all. Text of digits alone is read as a whole number, other text as the nearest double. The sum is
 * not past all doubles.
 */
export function remainderOf(sum: ExactSum): number[] {
  const shown = roundExactly(sum);
  // Digits alone do not show a double exactly from 2^53 on; from 10^21 on there is an exponent.
  const isDigits = Math.abs(shown) >= 2 ** 53 && Math.abs(shown) < 1e21;
  if (typeof sum !== 'bigint' && sum.length <= 2 && !isDigits)
    return remainderOfTwo(sum[0] ?? 0, sum[1] ?? 0);
  const parts: number[] = [];
  const shownUnits = isDigits ? BigInt(String(shown)) << SCALE : doubleToUnits(shown);
  for (let left = toUnits(sum) - shownUnits; left !== 0n;) {
    const part = unitsToDouble(left);
    parts.push(part);
    left -= doubleToUnits(part);
  }
  return parts;
}

function remainderOfTwo(a: number, b: number): number[] {
  const high = a + b;
  const shifted = high - a;
  const low = a - (high - shifted) + (b - shifted);
  return low === 0 ? [] : [low];
}

/** The sum in units of 2^-1074. */
function toUnits(sum: ExactSum): bigint {
  return typeof sum === 'bigint' ? sum : sum.reduce((units, part) => units + doubleToUnits(part), 0n);
}

const view = new DataView(new ArrayBuffer(8));

function doubleToUnits(value: number): bigint {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const units = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
  return value < 0 ? -units : units;
}

function unitsToDouble(units: bigint): number {
  const size = units < 0n ? -units : units;
  const shift = BigInt(Math.max(0, size.toString(16).length * 4 - 60));
  // At least 57 bits stay; the last one stands for all that were cut off, well below the bit that decides a tie.
  const cut = size >> shift;
  const isInexact = cut << shift !== size;
  let mantissa = isInexact ? cut | 1n : cut;
  let exponent = shift;
  const bits = BigInt(mantissa.toString(2).length);
  if (bits > 53n) {
    const excess = bits - 53n;
    const half = 1n << (excess - 1n);
    const rest = mantissa & ((1n << excess) - 1n);
    mantissa >>= excess;
    exponent += excess;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa += 1n;
  }
  // 53 bits times 2^(exponent - 1074): in two exact steps, since 2^-1074 alone leaves no room above 2^1023.
  const power = Number(exponent) - 1074;
  const result =
    power > 900 ? Number(mantissa) * 2 ** 900 * 2 ** (power - 900) : Number(mantissa) * 2 ** power;
  return units < 0n ? -result : result;
}
