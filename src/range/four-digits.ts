const COUNT = 10_000;
const ZERO = 48; // "0" in ASCII

/** The digit sum of every number below 10,000. */
export const DIGIT_SUMS = new Uint8Array(COUNT);

/** How many zeros it ends in as four digits: 0 in four. */
export const TRAILING_ZEROS = new Uint8Array(COUNT);

/** Its four digits in ASCII: those of n from place 4 · n on. */
export const FOUR_DIGITS = new Uint8Array(4 * COUNT);

// Every thread makes these tables when it starts: from texts it would take some milliseconds.
TRAILING_ZEROS[0] = 4;
FOUR_DIGITS.fill(ZERO);
for (let n = 1; n < COUNT; n++) {
  const units = n % 10;
  const tens = (n - units) / 10;
  DIGIT_SUMS[n] = DIGIT_SUMS[tens]! + units;
  if (units === 0) TRAILING_ZEROS[n] = TRAILING_ZEROS[tens]! + 1;
  for (let place = 0; place < 3; place++) FOUR_DIGITS[4 * n + place] = FOUR_DIGITS[4 * tens + place + 1]!;
  FOUR_DIGITS[4 * n + 3] = ZERO + units;
}
