import { join } from 'node:path';
import { nameResult } from './job-folder.js';

/** The folder of the table set in a job's result. */
export const SET_FOLDER = 'set';

/** Where the table set of `job` stands among the results in `folder`. */
export function setFolderOf(folder: string, job: number): string {
  return join(folder, nameResult(job), SET_FOLDER);
}
