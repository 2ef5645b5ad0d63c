import { LIST } from '../aggregates/open-aggregate.js';
import { COPIED_JOB_BYTES, COPIED_JOB_FILES } from '../limits.js';
import type { SpoolCopyJob, SpooledSource } from '../pool/messages.js';
import type { Jobs } from '../range/jobs.js';
import { sizeOf, type Range } from '../range/range.js';

/**
 * Cuts the work of taking `sources` apart into jobs, in the order of their numbers: some files each, which are never cut; where buckets hold values,
 * one more for each source, for what its manifest says of them.
 */
export function listCopyJobs(sources: readonly SpooledSource[], aggregate: string): SpoolCopyJob[] {
  return sources.flatMap(({ files, remainders }, source) => {
    const jobs = cutFiles(files).map(([from, to]): SpoolCopyJob => ({ source, from, to }));
    // Behind the tables: the order of the buckets is theirs.
    if (remainders) jobs.push({ source, ofRemainders: true });
    return aggregate === LIST ? jobs : [...jobs, { source, ofBuckets: true as const }];
  });
}

function cutFiles(files: SpooledSource['files']): [from: number, to: number][] {
  const cuts: [number, number][] = [];
  let [from, bytes] = [0, 0n];
  files.forEach((file, i) => {
    bytes += file.bytes;
    if (bytes < COPIED_JOB_BYTES && i + 1 - from < COPIED_JOB_FILES && i + 1 < files.length) return;
    cuts.push([from, i + 1]);
    [from, bytes] = [i + 1, 0n];
  });
  return cuts;
}

/** The jobs as parts of `range`, each as large as what it reads: so that what is done of them can be told in numbers. */
export function weighJobs(
  jobs: readonly SpoolCopyJob[],
  sources: readonly SpooledSource[],
  range: Range,
): Jobs {
  const ends: bigint[] = [];
  let total = 0n;
  for (const job of jobs) ends.push((total += measureJob(job, sources)));
  const boundOf = (bytes: bigint): bigint =>
    range.start + (total === 0n ? 0n : (sizeOf(range) * bytes) / total);
  return {
    count: BigInt(jobs.length),
    at: (index) => {
      const i = Number(index);
      const isLast = i === jobs.length - 1;
      return { start: boundOf(ends[i - 1] ?? 0n), end: isLast ? range.end : boundOf(ends[i] ?? 0n) };
    },
  };
}

function measureJob(job: SpoolCopyJob, sources: readonly SpooledSource[]): bigint {
  if (!('from' in job)) return 0n;
  const { files = [] } = sources[job.source] ?? {};
  return files.slice(job.from, job.to).reduce((sum, { bytes }) => sum + bytes, 0n);
}
