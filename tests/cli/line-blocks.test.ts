import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLineBlocks } from '../../src/cli/line-blocks.js';
import { MAX_LINE_BYTES } from '../../src/limits.js';

async function readBlocks(chunks: readonly string[]): Promise<string[]> {
  const blocks = [];
  const input = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  for await (const block of readLineBlocks(input, 'standard input')) blocks.push(block.toString());
  return blocks;
}

describe('readLineBlocks', () => {
  it('joins lines that chunks cut', async () => {
    expect((await readBlocks(['1', '2\n3', '', '4\n56\n7', '8'])).join('|')).toBe('12\n|34\n|56\n|78\n');
  });

  it.each([
    ['nothing', [], ''],
    ['an empty chunk', [''], ''],
    ['a last line without its end', ['10\n11'], '10\n11\n'],
    ['a last line with its end', ['10\n11\n'], '10\n11\n'],
    ['empty lines', ['\n', '\n\n'], '\n\n\n'],
  ])('takes %s', async (_name, chunks, text) => {
    expect((await readBlocks(chunks)).join('')).toBe(text);
  });

  it('yields all that it reads in blocks of whole lines', async () => {
    const chunk = fc.stringMatching(/^[0-9\n]{0,8}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(chunk), async (chunks) => {
        const blocks = await readBlocks(chunks);
        const text = chunks.join('');
        expect(blocks.join('')).toBe(text === '' || text.endsWith('\n') ? text : `${text}\n`);
        expect(blocks.filter((block) => !block.endsWith('\n'))).toEqual([]);
      }),
    );
  });

  it('refuses to gather a line without end', async () => {
    const piece = '1'.repeat(1 << 20);
    await expect(
      readBlocks(Array.from({ length: MAX_LINE_BYTES / piece.length + 1 }, () => piece)),
    ).rejects.toThrow('standard input has a line above 16777216 bytes');
  });

  it('says what failed when the input fails', async () => {
    const input = new Readable({
      read() {
        this.destroy(new Error('EISDIR: illegal operation'));
      },
    });
    const read = async (): Promise<void> => {
      for await (const block of readLineBlocks(input, 'standard input')) expect(block).toBeUndefined();
    };
    await expect(read()).rejects.toMatchObject({
      code: 'IO',
      message: 'cannot read standard input: EISDIR: illegal operation',
    });
  });

  it('passes on what its reader throws as it is', async () => {
    const read = async (): Promise<void> => {
      for await (const block of readLineBlocks(Readable.from([Buffer.from('10\n')]), 'standard input')) {
        throw new RangeError(block.toString());
      }
    };
    await expect(read()).rejects.toThrow(RangeError);
  });
});
