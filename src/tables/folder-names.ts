export const MANIFEST_NAME = 'manifest.json';

/** The folder, in the build folder, of what the workers of a queue have yielded. */
export const JOBS_FOLDER = 'jobs';

/** The folder, in the output folder, of what a running or interrupted build needs. */
export const BUILD_FOLDER = '.build';
