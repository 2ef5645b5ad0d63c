import type * as Plot from '@observablehq/plot';
import type { Measure } from '../report-data.js';
import type { Box, Walk } from './cursor.js';
import type { Palette } from './palette.js';

/** What is drawn, and how a cursor goes over it. */
export interface Drawing {
  readonly svg: SVGElement;
  readonly walk: Walk;
}

const HEIGHT = 320;
const MARGINS = { marginTop: 28, marginRight: 12, marginBottom: 42, marginLeft: 56 };

/** What each chart's description ends with. */
export const LABEL = 'move with the arrow keys for exact figures';

/** What an axis of the measure is called. */
export const nameMeasure = (measure: Measure): string => (measure === 'value' ? 'value' : 'numbers');

/** Size, margins and style of a chart that is `width` pixels wide. */
export function makeFrame(width: number, palette: Palette): Plot.PlotOptions {
  return {
    ...{ width, height: HEIGHT, ...MARGINS },
    style: { fontSize: '12px', color: palette.muted, background: 'none' },
  };
}

/** The part of such a chart within its axes. */
export function makeBox(width: number): Box {
  return {
    x: MARGINS.marginLeft,
    y: MARGINS.marginTop,
    width: width - MARGINS.marginLeft - MARGINS.marginRight,
    height: HEIGHT - MARGINS.marginTop - MARGINS.marginBottom,
  };
}
