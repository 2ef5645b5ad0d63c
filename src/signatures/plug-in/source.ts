import type { ClosedForm } from '../signature.js';
import type { WholeNumber } from '../../range/whole-number.js';
import type { AggregateDefinition } from '../../aggregates/aggregate.js';
import type { Key, SignatureDefinition } from './definition.js';

/** Where a signature comes from and how it is set: plain data that passes between threads. */
export interface SignatureSource {
  /** Absolute. */
  readonly path: string;
  /** As given by `--option key=value`. */
  readonly options: Readonly<Record<string, string>>;
  /** The SHA-256 that the file must have, in hex; whatever it has unless given. */
  readonly fileHash?: string;
  /** A folder of ours where transpiled TypeScript is kept, so that further threads need no compiler; not kept unless given. */
  readonly cacheFolder?: string;
}

/** A module that was loaded and checked, not yet set up. */
export interface LoadedSignature {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** The SHA-256 of the file, in hex. */
  readonly fileHash: string;
  readonly start: bigint;
  readonly end?: bigint;
  /** As given, sorted by key. */
  readonly options: Readonly<Record<string, string>>;
  readonly definition: SignatureDefinition;
  /** What the module's schema made of the options. */
  readonly parsedOptions: unknown;
}

/** A signature ready to be asked: `setup` has run. Nothing here checks what the module's functions return. */
export interface ReadySignature {
  readonly keyOf: (n: WholeNumber) => Key;
  /** An own property even where there is none: every object inherits a `valueOf`. */
  readonly valueOf: ((n: WholeNumber) => number | bigint) | undefined;
  readonly aggregates: Readonly<Record<string, AggregateDefinition>>;
  readonly closedForm: ClosedForm | undefined;
}
