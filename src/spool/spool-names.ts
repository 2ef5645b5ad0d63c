/** The name of a job's file in the spool folder. */
export function nameSpoolFile(job: number): string {
  return `${job}.part`;
}

/** The name of what is gathered of a partition. */
export function nameRunFile(partition: number): string {
  return `${partition}.run`;
}

/** The file in the spool folder that says where each bucket goes. */
export const PLACES_FILE = 'places';
