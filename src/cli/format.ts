/** Formatting is for the pages too: it stands below every layer. */
export * from '../format.js';
