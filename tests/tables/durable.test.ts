import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { testWith } from '../programs.js';
import { makeFolder, syncFolder, writeFileDurably, writeFully } from '../../src/tables/durable.js';
import { useTemporaryFolder } from './temporary-folder.js';
import { bundledModule } from '../bundled.js';

const inFolder = useTemporaryFolder();

describe('writeFileDurably', () => {
  it.each([true, false])('writes text and bytes of all sizes, with sync %s', async (sync) => {
    const chunks = [
      'ä',
      Buffer.from('bytes'),
      '',
      'x'.repeat(65_530),
      'ünicode',
      Buffer.alloc(200_000, 7),
      '€',
    ];
    await writeFileDurably(inFolder('file.json'), chunks, { sync });
    const expected = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk as string)));
    expect((await readFile(inFolder('file.json'))).equals(expected)).toBe(true);
    expect(await readdir(inFolder())).toEqual(['file.json']);
  });

  it('writes an empty file', async () => {
    await writeFileDurably(inFolder('empty'), [], { sync: true });
    expect(await readFile(inFolder('empty'), 'utf8')).toBe('');
  });

  it('leaves the old file and no temporary one when the chunks fail', async () => {
    await writeFile(inFolder('file'), 'old');
    const failing = (function* () {
      yield 'n'.repeat(100_000);
      throw new Error('no more');
    })();
    await expect(writeFileDurably(inFolder('file'), failing, { sync: true })).rejects.toThrow('no more');
    expect(await readFile(inFolder('file'), 'utf8')).toBe('old');
    expect(await readdir(inFolder())).toEqual(['file']);
  });

  it('writes while the chunks still come', async () => {
    const chunkBytes = 100_000;
    const chunks = (function* () {
      for (let i = 0; i < 50; i++) {
        const written = i === 0 ? 0 : statSync(inFolder(`.large.tmp-${process.pid}`)).size;
        expect(i * chunkBytes - written).toBeLessThanOrEqual(65_536);
        yield Buffer.alloc(chunkBytes, i);
      }
    })();
    await writeFileDurably(inFolder('large'), chunks, { sync: false });
    expect(statSync(inFolder('large')).size).toBe(50 * chunkBytes);
  });

  it.each([
    ['a folder that is not there', 'absent/file', 'ENOENT'],
    ['a path under a file', 'plain/file', 'ENOTDIR'],
    ['the name of a folder', 'taken', 'EISDIR'],
  ])('keeps the code of the system error: %s', async (_case, name, code) => {
    await writeFile(inFolder('plain'), '');
    await mkdir(inFolder('taken', 'inner'), { recursive: true });
    const error = await writeFileDurably(inFolder(name), ['text'], { sync: true }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code, errno: expect.any(Number) as number });
    expect((await readdir(inFolder())).sort()).toEqual(['plain', 'taken']);
  });

  // A limit on the size of files gives what a full disk gives: a short write first, the error with the next one.
  testWith('bash', 'reports a write that ends short, and removes the temporary file', async () => {
    const module = bundledModule('tables/durable');
    const script = `
      const { writeFileDurably } = await import(${JSON.stringify(module)});
      const chunks = Array.from({ length: 4 }, () => 'x'.repeat(30_000));
      await writeFileDurably(process.argv[1], chunks, { sync: true }).catch((e) => console.log(e.code, e.errno));`;
    const command = 'ulimit -f 100; exec "$0" --input-type=module -e "$1" "$2"';
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      command,
      process.execPath,
      script,
      inFolder('big'),
    ]);
    expect(stdout).toBe('EFBIG -27\n');
    expect(await readdir(inFolder())).toEqual([]);
  });
});

describe('writeFully', () => {
  /** Stands in for a disk that takes at most `most` bytes at a time: real ones do so only when they are about to fail. */
  function makeHandle(most: number, file: number[]): Pick<FileHandle, 'write'> {
    const write = (bytes: Uint8Array, offset: number, length: number, position: number): unknown => {
      const bytesWritten = Math.min(most, length);
      for (let i = 0; i < bytesWritten; i++) file[position + i] = bytes[offset + i] ?? -1;
      return Promise.resolve({ bytesWritten, buffer: bytes });
    };
    return { write: write as FileHandle['write'] };
  }

  it('goes on after short writes', async () => {
    const file: number[] = [9, 9];
    expect(await writeFully(makeHandle(3, file), 'file', Uint8Array.of(1, 2, 3, 4, 5, 6, 7), 2)).toBe(9);
    expect(file).toEqual([9, 9, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('takes a write of nothing for a failure', async () => {
    await expect(writeFully(makeHandle(0, []), 'out/file', Uint8Array.of(1), 0)).rejects.toThrow(
      'cannot write out/file',
    );
  });
});

describe('makeFolder', () => {
  it('makes a folder and those above it, and takes one that is there', async () => {
    await makeFolder(inFolder('a', 'b', 'c'));
    await makeFolder(inFolder('a', 'b', 'c'));
    expect(statSync(inFolder('a', 'b', 'c')).isDirectory()).toBe(true);
  });

  it('says what keeps it from it', async () => {
    await writeFile(inFolder('file'), '');
    await expect(makeFolder(inFolder('file', 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolder(inFolder('file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(inFolder('x'.repeat(300), 'a'))).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  });
});

describe('syncFolder', () => {
  it('syncs a folder', async () => {
    await expect(syncFolder(inFolder())).resolves.toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('reports a folder that is not there', async () => {
    await expect(syncFolder(inFolder('absent'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
