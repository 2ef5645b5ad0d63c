import { formatBytes } from '../format.js';
import type { ReportResult } from '../report/write-report.js';
import { writeJson, writeResult } from './output.js';

/** Prints what was written. */
export function printReportResult({ out, bytes }: ReportResult, isJson: boolean): void {
  if (isJson) writeJson('report', { out, bytes });
  else writeResult(`Wrote ${out} (${formatBytes(bytes)})`);
}
