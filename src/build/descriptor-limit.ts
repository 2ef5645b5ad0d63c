import { readFileSync } from 'node:fs';
import { DESCRIPTORS_ASSUMED, RESERVED_DESCRIPTORS, RESERVED_DESCRIPTORS_PER_WORKER } from '../limits.js';

/** How many table files a build with `cpus` workers may hold open. Node has raised the soft limit to the hard one. */
export function countHoldableFiles(cpus: number): number {
  const reserved = RESERVED_DESCRIPTORS + RESERVED_DESCRIPTORS_PER_WORKER * cpus;
  return Math.max(0, readDescriptorLimit() - reserved);
}

function readDescriptorLimit(): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return limit === undefined ? DESCRIPTORS_ASSUMED : Number(limit);
  } catch {
    return DESCRIPTORS_ASSUMED; // no /proc: not Linux
  }
}
