import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CommandOptions, type CommandResult, createFolder, ROOT, runCommand } from '../e2e/harness.js';

const HEAD = "name: 'mine', version: '1',";
const DIGITS = `export default { ${HEAD} keyOf(n) { return String(n).length; } };`;

/** Writes `files` to a fresh folder and signs by the first of them. */
async function sign(
  files: Record<string, string>,
  args: readonly string[],
  options: Omit<CommandOptions, 'cwd'> = {},
): Promise<CommandResult> {
  const cwd = await createFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), content);
  }
  const [file = ''] = Object.keys(files);
  return runCommand(['sign', '--signature', `./${file}`, ...args], { ...options, cwd });
}

async function expectFailure(
  files: Record<string, string>,
  args: readonly string[],
  exitCode: number,
  complaint: string | RegExp,
): Promise<void> {
  const result = await sign(files, args);
  expect(result.stderr).toMatch(complaint);
  expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(result.stderr).toContain(Object.keys(files)[0]);
  expect(result).toMatchObject({ exitCode, stdout: '' });
}

describe('sign --signature', () => {
  const typed = `
    import { defineSignature } from 'sigtables';
    import { z } from 'zod';
    enum Kind { Odd = 'odd', Even = 'even' }
    export default defineSignature({
      name: 'mine', version: '1', start: 3, end: 10n ** 20n,
      options: z.strictObject({ by: z.coerce.number().int().min(1).default(2) }),
      async setup({ options }) { return { by: await Promise.resolve(options.by) }; },
      keyOf(n: number, { by }) {
        if (typeof n === 'bigint') return 'big';
        return n % 5 === 0 ? null : n % by === 0 ? Kind.Even : Kind.Odd;
      },
    });`;

  it('signs by a TypeScript file that stands alone', async () => {
    const result = await sign({ 'mine.ts': typed }, ['3', '4', '5', '2**53-1', '2**53']);
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: '3\todd\n4\teven\n5\t\n9007199254740991\todd\n9007199254740992\tbig\n',
    });
  });

  it('passes options', async () => {
    const result = await sign({ 'mine.ts': typed }, ['--option', 'by=3', '3', '4']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '', stdout: '3\teven\n4\todd\n' });
  });

  it('prints JSON', async () => {
    const { stdout } = await sign({ 'mine.ts': typed }, ['--json', '5', '7']);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      numbers: [
        { number: '5', signature: null },
        { number: '7', signature: 'odd' },
      ],
    });
  });

  it('signs the lines of standard input', async () => {
    const input = '5\r\n1e2\n';
    expect(await sign({ 'mine.ts': typed }, ['-'], { input })).toMatchObject({
      exitCode: 0,
      stdout: '5\t\n100\t\n',
    });
    const { stdout } = await sign({ 'mine.ts': typed }, ['--json', '-'], { input });
    expect(JSON.parse(stdout)).toMatchObject({ numbers: [{ number: '5' }, { number: '100' }] });
    expect(JSON.parse((await sign({ 'mine.ts': typed }, ['--json', '-'])).stdout)).toMatchObject({
      numbers: [],
    });
  });

  it('names the bad line behind the good ones', async () => {
    const result = await sign({ 'mine.ts': typed }, ['-'], { input: '3\n4\n2\n7\n' });
    expect(result).toMatchObject({ exitCode: 2, stdout: '3\todd\n4\teven\n' });
    expect(result.stderr).toMatch(/^sigtables: standard input, line 3: "2" has no signature: .* 3 on\n$/);
  });

  it('quotes what would break its line', async () => {
    const code = `export default { ${HEAD} keyOf: (n) => (n === 1 ? 'a\\tb\\n' : 'ä "b"') };`;
    expect((await sign({ 'mine.mjs': code }, ['1', '2'])).stdout).toBe('1\t"a\\tb\\n"\n2\tä "b"\n');
  });

  it('is told by a variable too, and by a path without dots', async () => {
    const cwd = await createFolder();
    await writeFile(join(cwd, 'mine.mjs'), DIGITS);
    for (const file of ['mine.mjs', join(cwd, 'mine.mjs')]) {
      const env = { SIGTABLES_SIGNATURE: file };
      expect((await runCommand(['sign', '123'], { cwd, env })).stdout).toBe('123\t3\n');
    }
  });

  it('takes "reduced" for the built-in signature', async () => {
    expect((await runCommand(['sign', '--signature', 'reduced', '1234567'])).stdout).toBe('1234567\t1667\n');
  });
});

describe('JavaScript of every kind', () => {
  const own = `import { defineSignature } from 'sigtables'; import { z } from 'zod';
    export default defineSignature({ ${HEAD} options: z.object({}), keyOf(n) { return String(n).length; } });`;
  const helped = `import { lengthOf } from './helper.js'; export default { ${HEAD} keyOf: lengthOf };`;
  const helper = `import { openTables } from 'sigtables'; openTables.name; export const lengthOf = (n) => String(n).length;`;

  it.each<[string, Record<string, string>]>([
    ['a module', { 'mine.mjs': DIGITS }],
    ['a module that imports sigtables and zod', { 'mine.mjs': own }],
    ['a .js file in no package', { 'mine.js': DIGITS }],
    ['a .js file in a package of modules', { 'mine.js': own, 'package.json': '{"type":"module"}' }],
    ['a .js file in a package of unsaid type', { 'mine.js': DIGITS, 'package.json': '{}' }],
    ['a module in a package of CommonJS', { 'mine.js': own, 'package.json': '{"type":"commonjs"}' }],
    ['a module that imports a part of zod', { 'mine.mjs': own.replace(`'zod'`, `'zod/v4'`) }],
    ['one whose helper imports sigtables', { 'mine.mjs': helped, 'helper.js': helper }],
    ['CommonJS', { 'mine.cjs': `module.exports = { ${HEAD} keyOf: (n) => String(n).length };` }],
    ['CommonJS by package', { 'mine.js': `module.exports = { ${HEAD} keyOf: (n) => String(n).length };` }],
    [
      'CommonJS that requires sigtables',
      {
        'mine.cjs': `const { defineSignature } = require('sigtables');
          module.exports = defineSignature({ ${HEAD} keyOf: (n) => String(n).length });`,
      },
    ],
    [
      'what a compiler made CommonJS of',
      {
        'mine.cjs': `exports.__esModule = true; exports.default = { ${HEAD} keyOf: (n) => String(n).length };`,
      },
    ],
    [
      'TypeScript of CommonJS',
      { 'mine.cts': `export = { ${HEAD} keyOf: (n: number) => String(n).length };` },
    ],
    ['a name with spaces and signs', { 'my own #1 %41 ü.mjs': DIGITS }],
    ['a name with spaces and signs in TypeScript', { 'my own #1 %41 ü.ts': DIGITS }],
    [
      'await at the top',
      {
        'mine.mts': `const by = await Promise.resolve(10); export default { ${HEAD} keyOf: (n: number) => Math.ceil(Math.log10(n) * by / 10) };`,
      },
    ],
    [
      'data beside it',
      {
        'mine.ts': `import { readFileSync } from 'node:fs'; import data from './data.json'; import { more } from './more.js';
          const text = readFileSync(new URL('data.json', import.meta.url), 'utf8');
          export default { ${HEAD} keyOf: () => data.three + text.length - 11 + more };`,
        'data.json': '{"three":3}',
        'more.ts': 'export const more: number = 0;',
      },
    ],
  ])('%s', async (_, files) => {
    expect(await sign(files, ['123'])).toMatchObject({ stderr: '', stdout: '123\t3\n', exitCode: 0 });
  });

  it('takes sigtables and zod where they are installed', async () => {
    const cwd = await createFolder();
    await mkdir(join(cwd, 'node_modules'));
    await symlink(ROOT, join(cwd, 'node_modules', 'sigtables'));
    await symlink(join(ROOT, 'node_modules', 'zod'), join(cwd, 'node_modules', 'zod'));
    for (const file of ['mine.mjs', 'mine.ts']) {
      await writeFile(join(cwd, file), own);
      const result = await runCommand(['sign', '--signature', file, '123'], { cwd });
      expect(result).toMatchObject({ stderr: '', stdout: '123\t3\n' });
    }
  });
});

describe('a file that is no signature', () => {
  it.each<[string, Record<string, string>, string | RegExp]>([
    [
      'a syntax error',
      { 'mine.mjs': 'export default {\n keyOf(n) {\n  return n +;\n } };' },
      'has a syntax error in line 3: Unexpected token',
    ],
    [
      'a syntax error in TypeScript',
      { 'mine.ts': 'const a: number = 1;\nexport default { keyOf(n: number) { return n +; } };' },
      'has a syntax error in line 2: Unexpected token',
    ],
    [
      'a syntax error in CommonJS',
      { 'mine.cjs': 'module.exports = {\n keyOf(n) { return n +; } };' },
      'has a syntax error in line 2: Unexpected token',
    ],
    [
      'a syntax error in what it imports',
      { 'mine.ts': "import { a } from './b.ts';\nexport default a;", 'b.ts': '\n\nexport const a = ;' },
      'has a syntax error in line 3 of b.ts: Unexpected token',
    ],
    [
      'a missing package',
      { 'mine.mjs': "import a from 'no-such-package';\nexport default a;" },
      'imports "no-such-package", which is not found: npm install no-such-package beside it',
    ],
    [
      'a missing package in TypeScript',
      { 'mine.ts': "import a from '@no/such-package';\nexport default a;" },
      'imports "@no/such-package", which is not found: npm install',
    ],
    [
      'a missing file',
      { 'mine.mjs': "import a from './nope.js';\nexport default a;" },
      /imports ".*\/nope\.js", which is not found: check the path/,
    ],
    [
      'a missing file in TypeScript',
      { 'mine.ts': "import a from './nope.js';\nexport default a;" },
      'imports "./nope.js", which is not found: check the path',
    ],
    [
      'a missing export',
      { 'mine.mjs': "import { a } from './b.mjs';\nexport default a;", 'b.mjs': '' },
      'has a syntax error in line 1: The requested module',
    ],
    ['a throw while loading', { 'mine.mjs': '\n\nnull.x;' }, /cannot be loaded: TypeError: .* \(line 3\)/],
    [
      'a throw while loading in TypeScript',
      { 'mine.ts': '\nconst a: any = null;\na.x;' },
      /cannot be loaded: TypeError: .* \(line 3\)/,
    ],
    ['something thrown that is no error', { 'mine.mjs': 'throw 42;' }, 'cannot be loaded: it threw 42'],
    [
      'no default export',
      { 'mine.mjs': 'export const keyOf = 1;' },
      'has no default export: end it with export default defineSignature({ … })',
    ],
    ['no export in TypeScript', { 'mine.ts': 'const a: number = 1;' }, 'has no default export'],
    [
      'a function as default',
      { 'mine.mjs': 'export default (n) => n;' },
      'exports a function as default: expected what defineSignature',
    ],
    ['null as default', { 'mine.mjs': 'export default null;' }, 'exports null as default'],
    ['no keyOf', { 'mine.mjs': `export default { ${HEAD} };` }, 'has no keyOf: expected a function'],
    [
      'something else as keyOf',
      { 'mine.mjs': `export default { ${HEAD} keyOf: 5 };` },
      'has 5 as keyOf: expected a function',
    ],
    [
      'another kind of file',
      { 'mine.py': 'print(1)' },
      'is no signature: expected a file ending in .ts, .mts',
    ],
  ])('%s', async (_, files, complaint) => {
    await expectFailure(files, ['1'], 2, complaint);
  });

  it('is not there', async () => {
    const result = await runCommand(['sign', '--signature', './nope.ts', '1']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toMatch(
      /^sigtables: there is no signature .*\/nope\.ts: check the path; sigtables init-signature .*\n$/,
    );
  });

  it('is a folder', async () => {
    const result = await runCommand(['sign', '--signature', ROOT, '1']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toMatch(/^sigtables: cannot read the signature .*\n$/);
  });
});

describe('a command line that does not go with the signature', () => {
  const schema = `import { z } from 'zod'; export default { ${HEAD} end: 100,
    options: z.object({ width: z.coerce.number().int(), kind: z.enum(['a', 'b']).default('a') }), keyOf: () => 'a' };`;

  it.each<[string, string, readonly string[], string]>([
    ['options for none', DIGITS, ['--option', 'a=1'], '--option a is unknown: the signature'],
    ['a bad value', schema, ['--option', 'width=1.5'], '--option width "1.5" is refused by the signature'],
    ['a bad choice', schema, ['--option', 'width=1', '--option', 'kind=c'], '--option kind "c" is refused'],
    ['a missing option', schema, [], 'needs --option width=…, which is not given'],
    [
      'a misspelt option',
      schema,
      ['--option', 'width=1', '--option', 'knid=b'],
      'option knid is unknown to the signature',
    ],
    [
      'a number beyond its end',
      schema,
      ['--option', 'width=1', '100'],
      'sign "100" has no signature: it is defined for numbers below 100',
    ],
    ['steps', DIGITS, ['--explain'], '--explain shows the steps of the built-in signature only'],
  ])('%s', async (_, code, args, complaint) => {
    const result = await sign({ 'mine.mjs': code }, [...args, '1']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain(complaint);
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('lists the options that there are', async () => {
    const { stderr } = await sign({ 'mine.mjs': schema }, ['--option=width=1', '--option=x=2', '1']);
    expect(stderr).toMatch(/--option x is unknown to the signature .*: it takes width, kind\n$/);
  });
});

describe('a signature that fails', () => {
  const define = (fields: string): Record<string, string> => ({
    'mine.mjs': `export default { ${HEAD}\n ${fields} };`,
  });

  it.each<[string, Record<string, string>, string | RegExp]>([
    [
      'setup throws',
      define('setup() { throw new Error("no data"); }, keyOf: () => 1'),
      /setup of the signature .* failed: Error: no data \(line 2\)/,
    ],
    [
      'setup rejects',
      define('async setup() { await 0; throw "x"; }, keyOf: () => 1'),
      "failed: it threw 'x'",
    ],
    [
      'setup calls process.exit',
      define('setup() { process.exit(0); }, keyOf: () => 1'),
      'ended the process: let it throw',
    ],
    [
      'setup never returns',
      define('setup: () => new Promise(() => {}), keyOf: () => 1'),
      'never became ready',
    ],
    ['loading never ends', { 'mine.mjs': `await new Promise(() => {});\n${DIGITS}` }, 'never became ready'],
    ['loading calls process.exit', { 'mine.mjs': `process.exit(0);\n${DIGITS}` }, 'ended the process'],
    [
      'keyOf throws',
      define('keyOf(n) { throw new TypeError("odd"); }'),
      /failed at 11, in keyOf: TypeError: odd \(line 2\)/,
    ],
    [
      'keyOf throws what is no error',
      define('keyOf() { throw { code: 5 }; }'),
      'failed at 11, in keyOf: it threw { code: 5 }',
    ],
    ['keyOf calls process.exit', define('keyOf(n) { process.exit(); }'), 'ended the process'],
    [
      'keyOf returns nothing',
      define('keyOf() {}'),
      'failed at 11, in keyOf: it returned undefined, expected a string, a finite number, or null',
    ],
    ['keyOf returns NaN', define('keyOf: () => NaN'), 'failed at 11, in keyOf: it returned NaN'],
    ['keyOf returns a bigint', define('keyOf: () => 5n'), 'failed at 11, in keyOf: it returned 5n'],
    [
      'keyOf returns a promise',
      define('keyOf: () => Promise.resolve(1)'),
      'failed at 11, in keyOf: it returned a promise',
    ],
    [
      'a callback throws',
      define('setup: () => new Promise(() => setTimeout(() => null.x)), keyOf: () => 1'),
      /mine\.mjs failed: TypeError: .* \(line 2\)/,
    ],
    [
      'a promise is left to reject',
      define(
        'setup: () => new Promise(() => { Promise.reject(new Error("later")); setTimeout(() => {}, 1e6); }), keyOf: () => 1',
      ),
      'mine.mjs failed: Error: later',
    ],
  ])('%s', async (_, files, complaint) => {
    await expectFailure(files, ['11'], 7, complaint);
  });

  it('leaves the lines above', async () => {
    const files = define('keyOf(n) { if (n > 2) throw new Error("no"); return n; }');
    const result = await sign(files, ['1', '2', '3', '4']);
    expect(result).toMatchObject({ exitCode: 7, stdout: '1\t1\n2\t2\n' });
  });
});
