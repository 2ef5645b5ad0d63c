type NumberArray = Float64Array | Int32Array | Uint32Array | Uint8Array;

const SMALLEST = 1024;

/** `array`, or a copy of it of at least twice its length that holds the index `index`. */
export function growTo<T extends NumberArray>(array: T, index: number): T {
  if (index < array.length) return array;
  const create = array.constructor as new (length: number) => T;
  const grown = new create(Math.max(SMALLEST, 2 * array.length, index + 1));
  grown.set(array);
  return grown;
}
