import { signByLiteralLoop } from '../signatures/reduced/literal-loop.js';

/** The numbers of each signature, ascending; keys in the order of their first numbers. */
export type Buckets<T extends number | bigint> = ReadonlyMap<string, readonly T[]>;

/** The literal loop on plain numbers, for ranges of millions; `n` is at least 10 and a safe integer. */
export function signByNumberLoop(n: number): string {
  let steps = 1;
  let rest = n;
  do {
    let power = 1;
    while (power * 100 <= rest) power *= 10;
    steps += 1;
    for (let time = 1; time <= 10; time += 1) if (rest - power > 10) rest -= power;
  } while (rest >= 100);
  return `${String(steps).padStart(2, '0')}${String(rest)}`;
}

/** Groups `[start, end)` number by number. */
export function groupNumbers(start: number, end: number): Buckets<number> {
  const buckets = new Map<string, number[]>();
  for (let n = start; n < end; n += 1) addTo(buckets, signByNumberLoop(n), n);
  return buckets;
}

/** Groups `[start, end)` number by number, at any size. */
export function groupBigints(start: bigint, end: bigint): Buckets<bigint> {
  const buckets = new Map<string, bigint[]>();
  for (let n = start; n < end; n += 1n) addTo(buckets, signByLiteralLoop(n), n);
  return buckets;
}

/** A table's text: one line, no spaces, no final newline. */
export function encodeTable(buckets: Buckets<number | bigint>): string {
  return `{${[...buckets].map(([key, numbers]) => `"${key}":[${numbers.join(',')}]`).join(',')}}`;
}

function addTo<T>(buckets: Map<string, T[]>, key: string, n: T): void {
  const bucket = buckets.get(key);
  if (bucket) bucket.push(n);
  else buckets.set(key, [n]);
}
