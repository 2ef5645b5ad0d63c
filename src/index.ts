export { EXIT_STATUS, SigtablesError, type ErrorCode } from './errors.js';
export { LAYOUT_NAMES, type LayoutName } from './layouts/layout-name.js';
export type { Range } from './range/range.js';
export type { WholeNumber } from './range/whole-number.js';
export {
  closedForm,
  type ClosedFormBuckets,
  type DirectedSelection,
  type MemberSelection,
  type RangeBounds,
} from './signatures/closed-form.js';
export type { Manifest, ManifestBucket, ManifestFile, ManifestHead } from './tables/manifest.js';
export { openTables, type FoundNumber, type OpenOptions, type Tables } from './tables/reader.js';
