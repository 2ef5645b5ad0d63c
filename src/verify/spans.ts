import { CHECK_SPAN_BYTES, CHECK_TASK_BYTES, CHECK_TASK_FILES } from '../limits.js';
import type { CheckMode, Span, VerifyTask } from '../pool/verify-messages.js';
import type { ManifestFile } from '../tables/manifest.js';

/** Cuts large files into parts and puts small ones together, so that tasks take about equally long. */
export function listTasks(
  files: readonly ManifestFile[],
  chosen: readonly number[],
  mode: CheckMode,
): VerifyTask[] {
  const tasks: VerifyTask[] = [];
  let spans: Span[] = [];
  let bytes = 0;
  const close = (): void => {
    if (spans.length > 0) tasks.push({ spans, mode });
    [spans, bytes] = [[], 0];
  };
  for (const file of chosen) {
    for (const span of cutFile(file, files[file]!)) {
      spans.push(span);
      bytes += span.to - span.from;
      if (bytes >= CHECK_TASK_BYTES || spans.length >= CHECK_TASK_FILES) close();
    }
  }
  close();
  return tasks;
}

/** At least one span, even of a file without bytes. */
function cutFile(file: number, { file: name, bytes }: ManifestFile): Span[] {
  const fileBytes = Number(bytes);
  const spans: Span[] = [];
  for (let from = 0; from < fileBytes || from === 0; from += CHECK_SPAN_BYTES) {
    spans.push({ file, name, fileBytes, from, to: Math.min(fileBytes, from + CHECK_SPAN_BYTES) });
  }
  return spans;
}
