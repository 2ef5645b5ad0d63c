import type { Command } from 'commander';
import { addJsonFlag, addReportFlags, addSignalsFlag, type Flags } from '../flags.js';
import { addHelpSections } from '../help.js';

const EXAMPLES = ['report', 'report /data/tables --out tables.html', 'report --open'];
const NOTES = `One HTML file that loads nothing: what the table set is, its buckets by size as a map to point at, how any number is reduced.
It reads the manifest, and values where the buckets hold some. An earlier report is replaced, another file is not.
A value in [brackets] is the variable that a flag may also be set by; the folder's is SIGTABLES_TABLES.`;

/** Adds the command `report` to `program`. */
export function registerReport(program: Command): void {
  const command = program
    .command('report')
    .description('write an HTML page about a table set, to look at')
    .argument('[folder]', 'folder of the table set (default: tables)');
  addSignalsFlag(addReportFlags(command));
  addHelpSections(addJsonFlag(command), EXAMPLES, NOTES).action(report);
}

async function report(folder: string | undefined, flags: Flags): Promise<void> {
  const { resolveReport } = await import('../report-options.js');
  const options = resolveReport(folder, flags);
  const [{ writeReport }, { printReportResult }] = await Promise.all([
    import('../../report/write-report.js'),
    import('../report-result.js'),
  ]);
  printReportResult(await writeReport(options), options.isJson);
  if (options.isToOpen) await (await import('../open-file.js')).openFile(options.out);
}
