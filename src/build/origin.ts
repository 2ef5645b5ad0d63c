import type { SourceSet } from '../pool/messages.js';
import type { SourceFile } from './source-checks.js';

/** Where the numbers of a table set come from if they are not computed: table sets whose ranges make up its own. */
export interface Origin {
  /** Ascending by their ranges. */
  readonly sets: readonly SourceSet[];
  /** The files of all sets, in the order of `SourceShare`'s numbers. */
  readonly files: readonly SourceFile[];
  /** What the sets hold, as a SHA-256 in hex: a merge goes on only with sources that are the same. */
  readonly digest: string;
}
