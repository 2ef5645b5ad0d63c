import { STOPPED } from '../pool/messages.js';

/** What ends a job that is cut short because the build is to stop. */
export function createStop(): Error {
  return Object.assign(new Error('the build was stopped'), { code: STOPPED });
}
