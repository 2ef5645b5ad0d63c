/** The colours of the page as it is shown now: light, dark, or on paper. */
export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly accent: string;
  /** From few to many. */
  readonly ramp: readonly string[];
}

/** Reads the theme's colours, which the style sheet decides on. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: read('ink'),
    muted: read('muted'),
    accent: read('accent'),
    ramp: [0, 1, 2, 3, 4].map((i) => read(`ramp-${i}`)),
  };
}

/** Calls `redraw` whenever the colours or the width of the page have changed. */
export function watchLook(container: HTMLElement, redraw: () => void): void {
  for (const query of ['(prefers-color-scheme: dark)', 'print'])
    matchMedia(query).addEventListener('change', redraw);
  let width = container.clientWidth;
  new ResizeObserver(() => {
    if (container.clientWidth === width) return;
    width = container.clientWidth;
    redraw();
  }).observe(container);
}
