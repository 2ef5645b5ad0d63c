/** All failures that sigtables foresees, and all wording of them, by theme. */
export * from './errors/sigtables-error.js';
export * from './errors/command-line.js';
export * from './errors/config.js';
export * from './errors/numbers.js';
export * from './errors/table-set.js';
export * from './errors/building.js';
export * from './errors/merging.js';
export * from './errors/reading.js';
export * from './errors/checking.js';
export * from './errors/plug-in.js';
export * from './errors/report.js';
export * from './errors/spool.js';
export * from './errors/live.js';
export * from './errors/distributed.js';
