import { numberBelowFirst, numberBeyondEnd, plugInFailedAt } from '../errors.js';
import { tellLoadedMemory } from '../pool/memory-messages.js';
import { parseNumber } from '../range/expression.js';
import { toWholeNumber } from '../range/whole-number.js';
import { nameKind } from '../signatures/plug-in/check-definition.js';
import type { Key } from '../signatures/plug-in/definition.js';
import { toKeyText } from '../signatures/plug-in/key-text.js';
import { loadSignature, setUpSignature } from '../signatures/plug-in/load.js';
import type { LoadedSignature, ReadySignature, SignatureSource } from '../signatures/plug-in/source.js';
import { describeThrown } from '../signatures/plug-in/thrown.js';
import { asDocument, readArguments } from './signing.js';

/** A signature from a file, with what is known of it. */
interface PlugIn {
  readonly loaded: LoadedSignature;
  readonly ready: ReadySignature;
}

/**
 * The output of `sign` for its arguments, piece by piece, by the signature from `source`; the numbers come as for the built-in
 * one. Throws a USAGE error for a bad signature, option or number, a JOB error where the signature fails.
 */
export async function* signWithPlugIn(
  args: readonly string[],
  source: SignatureSource,
  json: boolean,
): AsyncGenerator<Buffer> {
  const input = readArguments(args);
  const loaded = await loadSignature(source);
  // Bad arguments are refused before `setup` loads what may be much.
  const blocks =
    Symbol.asyncIterator in input ? parseLines(input, loaded) : [parseAll(input, 'sign', loaded)];
  const plugIn: PlugIn = { loaded, ready: await setUpSignature(loaded) };
  tellLoadedMemory();
  const pieces = signBlocks(blocks, plugIn, json);
  yield* json ? asDocument(pieces) : pieces;
}

async function* signBlocks(
  blocks: AsyncIterable<Iterable<bigint>> | Iterable<Iterable<bigint>>,
  plugIn: PlugIn,
  json: boolean,
): AsyncGenerator<Buffer> {
  let separator = '';
  for await (const numbers of blocks) {
    let text = '';
    try {
      for (const n of numbers) {
        const key = signNumber(plugIn, n);
        text +=
          separator + (json ? JSON.stringify({ number: String(n), signature: key }) : formatLine(n, key));
        if (json) separator = ',';
      }
    } finally {
      // What stands before a number that fails is printed all the same.
      yield Buffer.from(text);
    }
  }
}

function signNumber({ loaded: { path }, ready }: PlugIn, n: bigint): string | null {
  let key: Key;
  try {
    key = ready.keyOf(toWholeNumber(n));
  } catch (error) {
    throw plugInFailedAt(path, n, describeThrown(error, path), error);
  }
  const text = toKeyText(key);
  if (text !== undefined) return text;
  const expected = 'expected a string, a finite number, or null to leave the number out';
  throw plugInFailedAt(path, n, `it returned ${nameKind(key)}, ${expected}`);
}

/** A number that is left out has an empty signature; one that would break its line is quoted as in JSON. */
function formatLine(n: bigint, key: string | null): string {
  const text = key ?? '';
  return `${n}\t${/\p{Cc}/u.test(text) ? JSON.stringify(text) : text}\n`;
}

function parseAll(texts: readonly string[], where: string, signature: LoadedSignature): bigint[] {
  return texts.map((text) => parseInDomain(text, where, signature));
}

/** Lazily within a block: the lines before a bad one are signed. */
async function* parseLines(
  blocks: AsyncIterable<readonly string[]>,
  signature: LoadedSignature,
): AsyncGenerator<Iterable<bigint>> {
  let line = 0;
  function* parse(texts: readonly string[]): Generator<bigint> {
    for (const text of texts) {
      line += 1;
      yield parseInDomain(text, `standard input, line ${line}:`, signature);
    }
  }
  for await (const texts of blocks) yield parse(texts);
}

function parseInDomain(text: string, where: string, { start, end }: LoadedSignature): bigint {
  const n = parseNumber(text, where);
  if (n < start) throw numberBelowFirst(where, text, start);
  if (end !== undefined && n >= end) throw numberBeyondEnd(where, text, end);
  return n;
}
