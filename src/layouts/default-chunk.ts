import {
  DEFAULT_CHUNK_MAX,
  DEFAULT_JOBS_MIN,
  JOB_LAYOUT_FILES_MAX,
  JOB_LAYOUT_CHUNK_MAX,
} from '../limits.js';
import { sizeOf, type Range } from '../range/range.js';
import type { LayoutName } from './layout-name.js';

/**
 * The numbers per job where none are asked for: a power of ten, or the largest default. It depends on range and layout
 * alone, so that results do not depend on the machine.
 */
export function chooseChunk(range: Range, layout: LayoutName): bigint {
  const size = sizeOf(range);
  const largest = layout === 'job' ? JOB_LAYOUT_CHUNK_MAX : DEFAULT_CHUNK_MAX;
  const countJobs = (numbers: bigint): bigint => (size + numbers - 1n) / numbers;
  const grow = (numbers: bigint): bigint => (numbers * 10n < largest ? numbers * 10n : largest);
  let chunk = 1000n;
  while (chunk < largest && countJobs(grow(chunk)) >= DEFAULT_JOBS_MIN) chunk = grow(chunk);
  if (layout === 'job') while (countJobs(chunk) > JOB_LAYOUT_FILES_MAX) chunk *= 10n;
  return chunk;
}
