import type { ScaleOptions } from '@observablehq/plot';
import { writeTick } from './number-text.js';

/** How an axis with a word at its middle is labelled. */
export const CENTERED = { labelAnchor: 'center', labelArrow: 'none' } as const;

/** The upright axis of amounts. */
export function makeAmountAxis(label: string): ScaleOptions {
  return { label, labelArrow: 'none', ticks: 5, tickSize: 0, tickFormat: writeTick, grid: true };
}

/** The axis of columns of steps; `ticks` are texts by column. */
export function makeStepsAxis(columns: number, ticks: ReadonlyMap<number, string>): ScaleOptions {
  return {
    domain: Array.from({ length: columns }, (_, i) => i),
    ticks: [...ticks.keys()],
    tickFormat: (column: number) => ticks.get(column) ?? '',
    tickSize: 4,
    label: 'steps',
    ...CENTERED,
  };
}
