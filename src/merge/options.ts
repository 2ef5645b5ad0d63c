import type { RunOptions } from '../build/options.js';
import type { LayoutName } from '../layouts/layout-name.js';

/** What a merge is asked to do; everything is validated before it gets here. */
export interface MergeOptions extends RunOptions {
  /** The folders of the table sets, in any order, as the user wrote them (messages quote them). */
  readonly folders: readonly string[];
  /** The layout to make; `undefined` keeps that of the sources. */
  readonly layout: LayoutName | undefined;
  /** Numbers per job, at least 1; `undefined` keeps that of sources in the layout job, else takes the default. */
  readonly chunk: bigint | undefined;
}
