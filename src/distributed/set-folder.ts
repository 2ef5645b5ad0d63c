/** The folder of the table set in a job's result. */
export const SET_FOLDER = 'set';
