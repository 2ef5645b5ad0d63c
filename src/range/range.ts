/** A half-open interval of whole numbers, `[start, end)`. */
export interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

/** How many numbers are in `range`. */
export function sizeOf(range: Range): bigint {
  return range.end - range.start;
}
