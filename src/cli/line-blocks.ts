import { inputFailed, lineTooLong } from '../errors.js';
import { MAX_LINE_BYTES } from '../limits.js';

const LINE_FEED = 10;

/**
 * Cuts a stream of bytes into blocks of one or more whole lines, each line ended by a line feed, the last one too.
 * Throws a USAGE error for a line above MAX_LINE_BYTES and an IO error when `input` fails; `source` names it in both.
 */
export async function* readLineBlocks(input: AsyncIterable<Buffer>, source: string): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  let begunBytes = 0;
  for await (const chunk of guardInput(input, source)) {
    const blockEnd = chunk.lastIndexOf(LINE_FEED) + 1;
    if (blockEnd > 0) {
      yield* joinFirstLine(begun, chunk.subarray(0, blockEnd));
      begun = [];
      begunBytes = 0;
    }
    begun.push(chunk.subarray(blockEnd));
    begunBytes += chunk.length - blockEnd;
    if (begunBytes > MAX_LINE_BYTES) throw lineTooLong(source, MAX_LINE_BYTES);
  }
  if (begunBytes > 0) yield Buffer.concat([...begun, Buffer.of(LINE_FEED)]);
}

/** Only the line that spans chunks is copied; the rest of the chunk stays where it is. */
function joinFirstLine(begun: readonly Buffer[], block: Buffer): Buffer[] {
  const firstEnd = block.indexOf(LINE_FEED) + 1;
  const blocks = [Buffer.concat([...begun, block.subarray(0, firstEnd)]), block.subarray(firstEnd)];
  return blocks.filter(({ length }) => length > 0);
}

async function* guardInput(input: AsyncIterable<Buffer>, source: string): AsyncGenerator<Buffer> {
  try {
    yield* input;
  } catch (error) {
    throw inputFailed(source, error as Error);
  }
}
