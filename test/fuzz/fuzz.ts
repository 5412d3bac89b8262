import * as fc from 'fast-check';
import type { Decoder, Decoding } from './decoder';
import { Dice } from './dice';
import { mutate } from './mutations';

export const DEFAULT_SEED = 20_261_122;

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  /** Called before every batch of inputs. */
  readonly onBatch?: () => void;
}

export interface FuzzReport {
  readonly inputs: number;
  /** Inputs that were taken, and those that were refused as documented. */
  readonly taken: number;
  readonly refused: number;
  readonly milliseconds: number;
}

/** An input that a decoder did not stand. Says how to see it again. */
export class FuzzFailure extends Error {
  readonly name = 'FuzzFailure';
}

const BATCH = 250;
/** One input of so many is made from scratch, one is a valid one as it is, the others are mutants. */
const SHAPED_ONE_IN = 5;
const UNTOUCHED_ONE_IN = 50;
const LONGEST_SHOWN = 4_000;

/** Feeds a decoder with mutants of valid inputs, and with inputs that look right. @throws FuzzFailure */
export async function fuzz(decoder: Decoder, { inputs, seed, onBatch }: FuzzOptions): Promise<FuzzReport> {
  const startedAt = performance.now();
  const decoding = await decoder.start();
  const counts = { taken: 0, refused: 0 };
  try {
    for (let done = 0; done < inputs; done += BATCH) {
      onBatch?.();
      const size = Math.min(BATCH, inputs - done);
      const shaped = decoder.shaped === undefined ? [] : fc.sample(decoder.shaped, { seed: seed + done, numRuns: Math.ceil(size / SHAPED_ONE_IN) });
      for (let at = done; at < done + size; at++) {
        // Each input has dice of its own, so that one can be seen again without those before it.
        const dice = new Dice(Math.imul(seed, 1_000_003) + at);
        const input = make(decoder, dice, shaped);
        counts[await judge(decoder, decoding, input, dice, { seed, at })]++;
      }
    }
  } finally {
    await decoding.stop?.();
  }
  return { inputs, ...counts, milliseconds: performance.now() - startedAt };
}

function make({ seeds, mend }: Decoder, dice: Dice, shaped: readonly Buffer[]): Buffer {
  if (dice.oneIn(UNTOUCHED_ONE_IN)) return dice.pick(seeds);
  if (shaped.length > 0 && dice.oneIn(SHAPED_ONE_IN)) return dice.pick(shaped);
  const mutant = mutate(dice.pick(seeds), dice, seeds);
  return mend !== undefined && dice.oneIn(2) ? mend(mutant) : mutant;
}

async function judge(decoder: Decoder, decoding: Decoding, input: Buffer, dice: Dice, place: { seed: number; at: number }): Promise<'taken' | 'refused'> {
  // Decoders give views of what they read: theirs must not be ours.
  const copy = Buffer.from(input);
  try {
    await decoding.decode(copy, dice);
    return 'taken';
  } catch (error) {
    if (error instanceof Error && decoder.mayThrow.includes(error.name)) return 'refused';
    throw failure(decoder, input, place, error);
  }
}

function failure({ name }: Decoder, input: Buffer, { seed, at }: { seed: number; at: number }, cause: unknown): FuzzFailure {
  const hex = input.toString('hex');
  const shown = hex.length > LONGEST_SHOWN ? `${hex.slice(0, LONGEST_SHOWN)}... (${input.length} bytes)` : hex;
  const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new FuzzFailure(`${name}, seed ${seed}, input ${at}: ${why}\ninput (hex): ${shown}\n${cause instanceof Error ? cause.stack : ''}`, { cause });
}
