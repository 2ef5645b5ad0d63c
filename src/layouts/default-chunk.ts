import {
  DEFAULT_CHUNK_MAX,
  DEFAULT_JOBS_MIN,
  JOB_LAYOUT_FILES_MAX,
  JOB_LAYOUT_CHUNK_MAX,
} from '../limits.js';
import { sizeOf, type Range } from '../range/range.js';
import type { LayoutName } from './layout-name.js';

/**
 * The numbers per job where none are asked for: a power of ten that depends on range and layout alone, so that results
 * do not depend on the machine.
 */
export function chooseChunk(range: Range, layout: LayoutName): bigint {
  const size = sizeOf(range);
  const largest = layout === 'job' ? JOB_LAYOUT_CHUNK_MAX : DEFAULT_CHUNK_MAX;
  let chunk = 1000n;
  const countJobs = (numbers: bigint): bigint => (size + numbers - 1n) / numbers;
  while (chunk < largest && countJobs(chunk * 10n) >= DEFAULT_JOBS_MIN) chunk *= 10n;
  if (layout === 'job') while (countJobs(chunk) > JOB_LAYOUT_FILES_MAX) chunk *= 10n;
  return chunk;
}
