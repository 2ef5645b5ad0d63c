import type { Box, Walk } from './cursor.js';

/** Where the bars of a drawing stand: one beside the other across `box`, or with `isDown` one below the other. */
export interface BarPlaces {
  readonly box: Box;
  readonly count: number;
  readonly isDown?: boolean;
  /** Where a bar's edge is, from 0 to 1 along the box, unless they are equally wide; `count` + 1 of them. */
  readonly edges?: readonly number[];
}

/** How a cursor goes over bars: a whole strip of the drawing stands for each, so that small ones are found too. */
export function walkBars(places: BarPlaces, label: string, describe: Walk['describe']): Walk {
  const { box, count, isDown = false } = places;
  const edgeAt = (i: number): number => places.edges?.[i] ?? i / count;
  const find = (along: number): number | undefined => {
    if (!(along >= 0 && along < 1)) return undefined;
    if (!places.edges) return Math.floor(along * count);
    const next = places.edges.findIndex((edge) => edge > along);
    return next < 0 ? count - 1 : Math.max(0, next - 1);
  };
  return {
    label,
    start: 0,
    hit: (x, y) => {
      const [across, down] = [(x - box.x) / box.width, (y - box.y) / box.height];
      const isInside = across >= 0 && across < 1 && down >= 0 && down < 1;
      return isInside ? find(isDown ? down : across) : undefined;
    },
    boxOf: (item) => {
      const [from, to] = [edgeAt(item), edgeAt(item + 1)];
      return isDown
        ? { ...box, y: box.y + from * box.height, height: (to - from) * box.height }
        : { ...box, x: box.x + from * box.width, width: (to - from) * box.width };
    },
    move: (item, right, down) => Math.min(Math.max(item + (right || down), 0), count - 1),
    describe,
  };
}
