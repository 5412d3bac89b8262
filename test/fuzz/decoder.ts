import type * as fc from 'fast-check';
import type { Dice } from './dice';

/** A decoder at work. */
export interface Decoding {
  /** Decodes one input and judges what comes out of it. What it throws must be of the errors that the decoder may throw. */
  decode(input: Buffer, dice: Dice): unknown;
  /** Leaves nothing open. Throws where something was seen since the start that should not have been. */
  stop?(): Promise<void>;
}

/** Something that reads what others say: a row of the table. */
export interface Decoder {
  readonly name: string;
  /** Valid inputs, from which bad ones are made. */
  readonly seeds: readonly Buffer[];
  /** Inputs that look right, with whatever in them. @default - mutations only */
  readonly shaped?: fc.Arbitrary<Buffer>;
  /** Makes a mutant whole again (a digest, a length), so that what lies behind the first check is reached. Half of the mutants are mended. */
  readonly mend?: (mutant: Buffer) => Buffer;
  /** The names of the errors that it is documented to throw. */
  readonly mayThrow: readonly string[];
  /** Inputs of 10,000 that are its; those that need a connection each have few. */
  readonly share: number;
  start(): Decoding | Promise<Decoding>;
}
