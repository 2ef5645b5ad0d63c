import { defineSignature } from 'sigtables';
import { z } from 'zod';

/** The Julia set of z² + c, with c = C + Ci. */
const C = 0.355;

/** The shorter side of the picture goes from −1.2 to 1.2. */
const SHORTER_SIDE = 2.4;

/** From |z| = 4 on, z is gone for good. */
const ESCAPED = 4 ** 2;

const count = z.coerce.number().int().min(1).max(1e6);

export default defineSignature({
  name: 'julia-set',
  version: '1',

  /** Options come as text: `--option width=2000`. */
  options: z.strictObject({
    width: count.default(2000),
    height: count.default(2000),
    iterations: count.default(255),
  }),

  setup({ options: { width, height, iterations } }) {
    const step = SHORTER_SIDE / Math.min(width, height);
    const [left, top] = [(-step * (width - 1)) / 2, (step * (height - 1)) / 2];
    return { width, pixels: width * height, iterations, step, left, top };
  },

  /** The escape time of pixel n, counted row by row from the upper left; the most iterations for a point of the set. */
  keyOf(n: number, { width, pixels, iterations, step, left, top }) {
    if (n >= pixels) return null;
    let x = left + step * (n % width);
    let y = top - step * Math.floor(n / width);
    for (let time = 1; time <= iterations; time++) {
      const real = x * x - y * y + C;
      y = 2 * x * y + C;
      x = real;
      if (x * x + y * y >= ESCAPED) return time;
    }
    return iterations;
  },
});
