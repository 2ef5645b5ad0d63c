export const MANIFEST_NAME = 'manifest.json';

/** The folder, in the output folder, of what a running or interrupted build needs. */
export const BUILD_FOLDER = '.build';
