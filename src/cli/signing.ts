import { fstatSync } from 'node:fs';
import { inputFailed, signInputNotAlone } from '../errors.js';
import { EXPLANATION_BATCH_CHARS } from '../limits.js';
import { LineSigner, type SignedLineFormat } from '../signatures/reduced/line-signer.js';
import { parseSignable } from '../signatures/reduced/signable.js';
import { explainAsJson, explainAsText } from './explanation.js';
import { readLineBlocks } from './line-blocks.js';

const STANDARD_INPUT = '-';
const SOURCE = 'standard input';
const JSON_HEAD = '{"schemaVersion":1,"numbers":[';
const JSON_TAIL = ']}\n';
const TEXT_FORMAT: SignedLineFormat = { separator: '', before: '', between: '\t', after: '\n' };
const JSON_FORMAT: SignedLineFormat = {
  separator: ',',
  before: '{"number":"',
  between: '","signature":"',
  after: '"}',
};

/** How `sign` prints. */
interface SigningOptions {
  readonly explain: boolean;
  readonly json: boolean;
}

/**
 * The output of `sign` for its arguments, piece by piece: the numbers are the arguments, or the lines of standard input
 * for `-`. Throws a USAGE error for what has no signature (for an argument before the first piece, for a line behind the
 * lines above it) and an IO error when standard input fails.
 */
export function signNumbers(
  args: readonly string[],
  { explain, json }: SigningOptions,
): AsyncIterable<Buffer> {
  const fromInput = isFromInput(args);
  const pieces = explain
    ? explainNumbers(fromInput ? readNumbers() : args.map(parseArgument), json)
    : signBlocks(fromInput ? readLineBlocks(openStandardInput(), SOURCE) : [toBlock(args)], json);
  return json ? asDocument(pieces) : pieces;
}

async function* signBlocks(
  blocks: AsyncIterable<Buffer> | Iterable<Buffer>,
  json: boolean,
): AsyncGenerator<Buffer> {
  const signer = new LineSigner(SOURCE, json ? JSON_FORMAT : TEXT_FORMAT);
  for await (const block of blocks) {
    try {
      signer.sign(block);
    } finally {
      // What stands before a bad line is printed all the same.
      yield signer.take();
    }
  }
}

async function* explainNumbers(
  numbers: AsyncIterable<bigint> | Iterable<bigint>,
  json: boolean,
): AsyncGenerator<Buffer> {
  let separator = '';
  for await (const n of numbers) {
    let text = separator;
    for (const part of json ? explainAsJson(n) : explainAsText(n)) {
      text += part;
      if (text.length < EXPLANATION_BATCH_CHARS) continue;
      yield Buffer.from(text);
      text = '';
    }
    yield Buffer.from(text);
    if (json) separator = ',';
  }
}

/** What `sign` is to sign: its arguments, or blocks of lines from standard input for `-`. Throws a USAGE error for both at once. */
export function readArguments(args: readonly string[]): readonly string[] | AsyncIterable<string[]> {
  return isFromInput(args) ? readLines() : args;
}

function isFromInput(args: readonly string[]): boolean {
  const fromInput = args.includes(STANDARD_INPUT);
  if (fromInput && args.length > 1) throw signInputNotAlone();
  return fromInput;
}

/** The JSON document around `pieces`, which are its numbers. */
export async function* asDocument(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from(JSON_HEAD);
  yield* pieces;
  yield Buffer.from(JSON_TAIL);
}

async function* readNumbers(): AsyncGenerator<bigint> {
  let line = 0;
  for await (const texts of readLines()) {
    for (const text of texts) {
      line += 1;
      yield parseSignable(text, `${SOURCE}, line ${line}:`);
    }
  }
}

async function* readLines(): AsyncGenerator<string[]> {
  for await (const block of readLineBlocks(openStandardInput(), SOURCE)) {
    yield block.toString().slice(0, -1).split('\n');
  }
}

/** Node takes a folder for an input without content, and the command would end as if it had signed what it was given. */
function openStandardInput(): NodeJS.ReadStream {
  if (fstatSync(process.stdin.fd).isDirectory()) throw inputFailed(SOURCE, new Error('it is a folder'));
  return process.stdin;
}

/** All arguments are checked before the first result is printed; plain digits have no limit of size. */
function toBlock(args: readonly string[]): Buffer {
  const lines = args.map((text) => (/^0*[1-9]\d+$/.test(text) ? text : String(parseArgument(text))));
  return Buffer.from(`${lines.join('\n')}\n`);
}

function parseArgument(text: string): bigint {
  return parseSignable(text, 'sign');
}
