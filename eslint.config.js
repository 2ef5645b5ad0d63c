import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * The layers of src/, in the order the data flows: a layer may import from its own row and the rows above it.
 * Files right in src/, such as `errors.ts` and `limits.ts`, may be imported from anywhere.
 */
const LAYERS = [
  ['errors'],
  ['files'],
  ['range'],
  ['aggregates'],
  ['signatures'],
  ['layouts'],
  ['tables'],
  ['buckets', 'checks'],
  ['spool'],
  ['pool', 'worker'],
  ['build'],
  ['progress'],
  ['merge', 'verify'],
  ['report', 'distributed'],
  ['cli'],
];

/** Packages that one layer alone may know. */
const OWNERS = {
  piscina: 'pool',
  commander: 'cli',
  'cli-progress': 'cli',
  picocolors: 'cli',
  bullmq: 'distributed',
  ioredis: 'distributed',
  pg: 'distributed',
  '@bull-board/api': 'distributed',
  '@bull-board/express': 'distributed',
  express: 'distributed',
};

/** What only the command line may touch: the core never prints and never exits. */
const PROCESS_PROPERTIES = ['exit', 'exitCode', 'stdout', 'stderr'];
const CORE_MESSAGE = 'The core never prints and never exits: return, throw, or emit an event.';

const anyOf = (names) => `(?:${names.map((name) => name.replaceAll('.', '\\.')).join('|')})`;

/** What a file of `folder` may not import, as regular expressions on the specifier. */
function forbiddenImports(folder) {
  const row = LAYERS.findIndex((layers) => layers.includes(folder));
  const later = LAYERS.slice(row + 1).flat();
  const foreign = Object.keys(OWNERS).filter((name) => OWNERS[name] !== folder);
  const forbidden = [
    {
      regex: `^${anyOf(foreign)}(?:/|$)`,
      message: 'Another layer owns this package (eslint.config.js, OWNERS).',
    },
    {
      regex: '^(?:\\.\\./)+index\\.js$',
      message: 'index.ts is for users of the package: import the file itself.',
    },
  ];
  if (later.length === 0) return forbidden;
  const message = `src/${folder} comes before that layer (eslint.config.js, LAYERS).`;
  return [...forbidden, { regex: `^(?:\\.\\./)+${anyOf(later)}/`, message }];
}

/** The rules take static imports; the selectors the same for `import()`. */
function layerRules(folder) {
  const forbidden = forbiddenImports(folder);
  const core = folder !== 'cli';
  const names = PROCESS_PROPERTIES;
  return {
    'no-restricted-imports': [
      'error',
      {
        paths: core ? [{ name: 'node:process', importNames: names, message: CORE_MESSAGE }] : [],
        patterns: forbidden,
      },
    ],
    'no-restricted-syntax': [
      'error',
      ...forbidden.map(({ regex, message }) => ({
        selector: `ImportExpression > Literal[value=/${regex.replaceAll('/', '\\u002F')}/]`,
        message,
      })),
    ],
    ...(core && {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        ...names.map((property) => ({ object: 'process', property, message: CORE_MESSAGE })),
      ],
    }),
  };
}

const layerConfigs = LAYERS.flat().map((folder) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: layerRules(folder),
}));

/** A new folder has to take its place in the order before anything in it passes. */
const unplacedConfig = {
  files: ['src/*/**/*.ts'],
  ignores: LAYERS.flat().map((folder) => `src/${folder}/**`),
  rules: {
    'no-restricted-syntax': [
      'error',
      { selector: 'Program', message: 'Give this folder its place in LAYERS (eslint.config.js).' },
    ],
  },
};

/** errors.ts, limits.ts and their like sit below every layer: they may know a layer's types, never its code. */
const groundConfig = {
  files: ['src/*.ts'],
  ignores: ['src/index.ts'],
  rules: {
    'no-console': 'error',
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: '^\\./(?!errors/).+/',
            allowTypeImports: true,
            message: 'Only types of a layer, never its code.',
          },
        ],
      },
    ],
  },
};

const indexConfig = {
  files: ['src/index.ts'],
  rules: {
    'no-restricted-syntax': [
      'error',
      {
        selector: 'Program > :not(ExportAllDeclaration, ExportNamedDeclaration[source])',
        message: 'index.ts re-exports only.',
      },
      {
        selector: 'Program > [source.value=/^\\.\\u002F(?:cli|pool|worker)\\u002F/]',
        message: 'The command line and the workers are not part of the library.',
      },
    ],
  },
};

/** The core rules that find faults; the formatter has the rest. */
const FAULTS = Object.fromEntries(
  [
    'array-callback-return',
    'eqeqeq',
    'no-constant-binary-expression',
    'no-duplicate-case',
    'no-else-return',
    'no-empty',
    'no-fallthrough',
    'no-promise-executor-return',
    'no-self-compare',
    'no-template-curly-in-string',
    'no-unmodified-loop-condition',
    'no-unsafe-finally',
    'no-unused-labels',
    'no-useless-escape',
    'no-useless-return',
    'no-var',
    'object-shorthand',
    'prefer-const',
  ].map((rule) => [rule, 'error']),
);

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'bench-output/', 'docs-api/', 'tables/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, rules: FAULTS },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // A method that has nothing to do says so by being empty.
      '@typescript-eslint/no-empty-function': 'off',
      // Our strings are digits: no code point is wider than a unit.
      '@typescript-eslint/no-misused-spread': [
        'error',
        { allow: [{ from: 'lib', name: 'string' }, 'string'] },
      ],
      // With noUncheckedIndexedAccess, an index that is in bounds by an invariant needs the mark.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // An index loop over a typed array is the faster one where it is hot.
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // What rejects is known where it is caught: file operations reject with ErrnoException.
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  // It holds the wording of every failure: long by design.
  { files: ['src/errors.ts'], rules: { 'max-lines': 'off' } },
  {
    // JSON that a test has just parsed is checked by the test's own expectations.
    files: ['tests/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  ...layerConfigs,
  unplacedConfig,
  groundConfig,
  indexConfig,
);
