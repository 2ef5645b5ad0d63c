import { SigtablesError } from '../errors.js';
import type { LoadedSignature } from '../signatures/plug-in/source.js';
import type { JobData } from './job-data.js';
import { findJobsFolder } from './job-folder.js';
import { findSignature } from './own-signatures.js';
import { UNWANTED } from './queued-jobs.js';
import { Refusal } from './refusal.js';
import type { WantedBuilds } from './wanted-builds.js';

/**
 * What this machine needs for a job: the signature, and the folder for results, which a mount may show only after `lagMs`. Throws why
 * it cannot work on the build as a Refusal, and JOB for what is wrong with the job; UNWANTED stands for a build that is gone.
 */
export async function acceptJob(
  data: JobData,
  root: string,
  plugIns: readonly LoadedSignature[],
  wanted: WantedBuilds,
  lagMs: number,
): Promise<{ folder: string; plugIn: LoadedSignature | undefined } | typeof UNWANTED> {
  try {
    const plugIn = findSignature(data.signature, plugIns);
    return { plugIn, folder: await findJobsFolder(root, data, lagMs) };
  } catch (error) {
    if (!(error instanceof SigtablesError) || error.code === 'JOB') throw error;
    // A job of a build that is gone is nobody's fault.
    if (!(await wanted.isWanted(data.build))) return UNWANTED;
    throw new Refusal(error);
  }
}
