/** How buckets are laid out in files: one file per signature, one per job, or a single one. */
export const LAYOUT_NAMES = ['signature', 'job', 'single'] as const;

export type LayoutName = (typeof LAYOUT_NAMES)[number];
