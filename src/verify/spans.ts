import { CHECK_SIBLING_BYTES, CHECK_SPAN_BYTES, CHECK_TASK_BYTES, CHECK_TASK_FILES } from '../limits.js';
import type { CheckMode, Span, VerifyTask } from '../pool/verify-messages.js';
import type { ManifestFile } from '../tables/manifest.js';

/** The name of the family that a file's bucket is of, if it has one. */
export type FamilyNamer = (file: string) => string | undefined;

/** How many of a file's bytes are worth looking at: a manifest may claim more than are there, and more than any disk has. */
export type Reach = (file: number) => number;

/**
 * Cuts large files into parts and puts small ones together, so that tasks take about equally long; files of one family
 * and size stay together. Files of more than `spanBytes` are large.
 */
export function listTasks(
  files: readonly ManifestFile[],
  chosen: readonly number[],
  mode: CheckMode,
  nameFamily: FamilyNamer,
  reachOf: Reach = (file) => Number(files[file]?.bytes ?? 0),
  spanBytes = CHECK_SPAN_BYTES,
): VerifyTask[] {
  const single: number[] = [];
  const families = new Map<string, number[]>();
  for (const file of chosen) {
    const { file: name, bytes } = files[file]!;
    const family = nameFamily(name);
    if (family === undefined || reachOf(file) < bytes) {
      single.push(file);
      continue;
    }
    const id = `${family} ${bytes}`;
    const siblings = families.get(id);
    if (siblings) siblings.push(file);
    else families.set(id, [file]);
  }
  const tasks = [...families.values()].flatMap((siblings) => listSiblingTasks(files, siblings, mode));
  return [...tasks, ...listFileTasks(files, single, mode, reachOf, spanBytes)];
}

/** One task for each part of the files, which all have the same size. */
function listSiblingTasks(
  files: readonly ManifestFile[],
  siblings: readonly number[],
  mode: CheckMode,
): VerifyTask[] {
  const cuts = siblings.map((file) =>
    cutFile(file, files[file]!, CHECK_SIBLING_BYTES, Number(files[file]!.bytes)),
  );
  return cuts[0]!.map((_, part) => ({ spans: cuts.map((spans) => spans[part]!), mode, areSiblings: true }));
}

function listFileTasks(
  files: readonly ManifestFile[],
  chosen: readonly number[],
  mode: CheckMode,
  reachOf: Reach,
  spanBytes: number,
): VerifyTask[] {
  const tasks: VerifyTask[] = [];
  let spans: Span[] = [];
  let bytes = 0;
  const close = (): void => {
    if (spans.length > 0) tasks.push({ spans, mode });
    [spans, bytes] = [[], 0];
  };
  for (const file of chosen) {
    for (const span of cutFile(file, files[file]!, spanBytes, reachOf(file))) {
      spans.push(span);
      bytes += span.to - span.from;
      if (bytes >= CHECK_TASK_BYTES || spans.length >= CHECK_TASK_FILES) close();
    }
  }
  close();
  return tasks;
}

/** At least one span, even of a file without bytes; those that lie wholly behind `reachBytes` are left out. */
function cutFile(
  file: number,
  { file: name, bytes }: ManifestFile,
  spanBytes: number,
  reachBytes: number,
): Span[] {
  const fileBytes = Number(bytes);
  const spans: Span[] = [];
  for (let from = 0; from < reachBytes || from === 0; from += spanBytes) {
    spans.push({ file, name, fileBytes, from, to: Math.min(fileBytes, from + spanBytes) });
  }
  return spans;
}
