export type { AggregateDefinition } from './aggregates/aggregate.js';
export { EXIT_STATUS, SigtablesError, type ErrorCode } from './errors/sigtables-error.js';
export { LAYOUT_NAMES, type LayoutName } from './layouts/layout-name.js';
export type { Jobs } from './range/jobs.js';
export type { Range } from './range/range.js';
export type { WholeNumber } from './range/whole-number.js';
export {
  closedForm,
  type ClosedFormBuckets,
  type DirectedSelection,
  type MemberSelection,
  type RangeBounds,
} from './signatures/closed-form.js';
export { defineSignature, type Key, type SignatureDefinition } from './signatures/plug-in/definition.js';
export { openSignature } from './signatures/plug-in/open-signature.js';
export type { ReadySignature } from './signatures/plug-in/source.js';
export type {
  BucketSize,
  BucketSums,
  ClosedForm,
  KeyedNumber,
  KeyTotals,
  Tally,
} from './signatures/signature.js';
export type { JsonValue } from './tables/exact-json.js';
export type {
  Manifest,
  ManifestBucket,
  ManifestFile,
  ManifestHead,
  ManifestShard,
  SignatureIdentity,
} from './tables/manifest.js';
export type { MemberBlock } from './tables/member-blocks.js';
export { openTables } from './tables/open-tables.js';
export type { FoundNumber, OpenOptions, Tables } from './tables/tables.js';
