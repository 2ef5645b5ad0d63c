import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadSignature, setUpSignature } from '../../../src/signatures/plug-in/load.js';
import { openSignature } from '../../../src/signatures/plug-in/open-signature.js';
import { useTemporaryFolder } from '../../tables/temporary-folder.js';

const inFolder = useTemporaryFolder();

/** Writes a module and returns its path. What is tested here goes through jiti: vitest replaces the native import. */
async function write(code: string, name = 'mine.ts'): Promise<string> {
  await writeFile(inFolder(name), code);
  return inFolder(name);
}

const PLAIN = `export default { name: 'mine', version: '2', keyOf(n: number) { return n % 9; } };`;

describe('loadSignature', () => {
  it('tells what a table set records', async () => {
    const path = await write(PLAIN);
    const loaded = await loadSignature({ path, options: {} });
    expect(loaded).toMatchObject({ path, name: 'mine', version: '2', start: 0n, options: {} });
    expect(loaded).not.toHaveProperty('end');
    expect(loaded.fileHash).toBe(createHash('sha256').update(PLAIN).digest('hex'));
  });

  it('makes bigints of the domain, and sorts the options', async () => {
    const schema = '{ safeParse: (data) => ({ success: true, data }) }';
    const path = await write(
      `export default { name: 'mine', version: '1', start: 5, end: 10n ** 30n, options: ${schema}, keyOf: () => 1 };`,
    );
    const { start, end, options, parsedOptions } = await loadSignature({ path, options: { b: '2', a: '1' } });
    expect([start, end]).toEqual([5n, 10n ** 30n]);
    expect(Object.entries(options)).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
    expect(parsedOptions).toEqual({ a: '1', b: '2' });
  });

  it('does not run setup', async () => {
    const path = await write(PLAIN.replace('keyOf', 'setup() { throw new Error(); }, keyOf'));
    await expect(loadSignature({ path, options: {} })).resolves.toBeDefined();
  });

  it('takes no other file than the one that is expected', async () => {
    const path = await write(PLAIN);
    const { fileHash } = await loadSignature({ path, options: {} });
    await expect(loadSignature({ path, options: {}, fileHash })).resolves.toBeDefined();
    await write(`${PLAIN}\n`);
    await expect(loadSignature({ path, options: {}, fileHash })).rejects.toMatchObject({
      code: 'JOB',
      message: `the signature ${path} was changed during the run: put the old file back and run the same command again, or begin anew with --force`,
    });
  });

  it('leaves nothing on the disk, but in a folder that it is given for that', async () => {
    const path = await write(PLAIN);
    await mkdir(inFolder('node_modules'));
    await loadSignature({ path, options: {} });
    expect(await readdir(inFolder('node_modules'))).toEqual([]);
    const cacheFolder = inFolder('cache');
    for (const divisor of [9, 9, 7]) {
      await write(PLAIN.replace('9', String(divisor)));
      const ready = await setUpSignature(await loadSignature({ path, options: {}, cacheFolder }));
      expect(ready.keyOf(10)).toBe(10 % divisor);
    }
    expect(await readdir(cacheFolder)).toHaveLength(1);
  });

  it('is not slowed by its imports: no proxy stands before them', async () => {
    await write('export function half(n: number): number { return n / 2; }', 'half.ts');
    const path = await write(
      `import * as all from './half.ts'; import { types } from 'node:util';
       export default { name: 'mine', version: '1', keyOf: () => String(types.isProxy(all)) };`,
    );
    expect((await openSignature(path)).keyOf(1)).toBe('false');
  });
});

describe('setUpSignature', () => {
  const stateful = `
    interface State { readonly by: number }
    let runs = 0;
    export default {
      name: 'mine', version: '1',
      async setup({ options }: { options: object }) { runs += 1; return { by: 3, runs, options }; },
      keyOf(n: number, state: State) { return this.text(n % state.by); },
      valueOf(n: number, state: State) { return n * state.by; },
      text(n: number) { return 'r' + n; },
      aggregates: { own: { init: () => 0, add: () => 0, merge: () => 0 } },
    };`;

  it('passes the state, and the definition as "this"', async () => {
    const ready = await openSignature(await write(stateful));
    expect(ready.keyOf(5)).toBe('r2');
    expect(ready.valueOf?.(5)).toBe(15);
    expect(Object.keys(ready.aggregates)).toEqual(['own']);
  });

  it('does not take the valueOf of every object for the signature’s', async () => {
    const ready = await openSignature(await write(PLAIN));
    expect(ready.valueOf).toBeUndefined();
    expect(ready.aggregates).toEqual({});
    expect(ready.closedForm).toBeUndefined();
  });

  it('runs setup for each, with what the schema made of the options', async () => {
    const path = await write(
      `export default { name: 'mine', version: '1',
        options: { safeParse: ({ by }) => ({ success: true, data: Number(by) }) },
        setup: ({ options }) => options, keyOf: (n, by) => n % by };`,
    );
    const loaded = await loadSignature({ path, options: { by: '7' } });
    expect((await setUpSignature(loaded)).keyOf(10)).toBe(3);
    expect((await openSignature(pathToFileURL(path), { by: '4' })).keyOf(10)).toBe(2);
  });

  it('says why setup failed', async () => {
    const loaded = await loadSignature({
      path: await write(PLAIN.replace('keyOf', '\nsetup() { throw new RangeError("too much"); }, keyOf')),
      options: {},
    });
    await expect(setUpSignature(loaded)).rejects.toMatchObject({
      code: 'JOB',
      message: `setup of the signature ${loaded.path} failed: RangeError: too much (line 2)`,
    });
  });
});
