/** What each exit status means. DESIGN section 4 promises them; `errors/` says which failure has which. */
export const EXIT_STATUSES = {
  '0': 'done, or nothing to do',
  '1': 'a fault in sigtables itself',
  '2': 'usage, or a plan that contradicts what the folder holds',
  '3': 'a table set that is absent, incomplete or damaged',
  '4': 'locked by another build',
  '5': 'the output place refused: space, quota, permission, limits',
  '6': 'an input or output operation failed',
  '7': 'a job failed',
  '128+n': 'stopped by signal n',
} as const;

export type ExitStatus = keyof typeof EXIT_STATUSES;

/** The statuses of a command that may end in any way. */
export const ALL_STATUSES: readonly ExitStatus[] = ['0', '1', '2', '3', '4', '5', '6', '7', '128+n'];

/** The statuses of a command that asks a queue. */
export const QUEUE_STATUSES: readonly ExitStatus[] = ['0', '1', '2', '6'];

/** The statuses of a worker: 5 where it does not see a build's folder, 7 where a plug-in fills the memory; it runs until a signal. */
export const WORKER_STATUSES: readonly ExitStatus[] = ['0', '1', '2', '5', '6', '7', '128+n'];

/** The statuses of a dashboard, which runs until a signal. */
export const DASHBOARD_STATUSES: readonly ExitStatus[] = ['0', '1', '2', '6', '128+n'];

/** The statuses of a command that reads a table set. */
export const READING_STATUSES: readonly ExitStatus[] = ['0', '1', '2', '3', '6'];
