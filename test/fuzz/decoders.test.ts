import { DECODERS, inputsFor } from './decoders';
import { DEFAULT_SEED, fuzz } from './fuzz';

const INPUTS = Number(process.env.FUZZ_INPUTS ?? 10_000);
const SEED = Number(process.env.FUZZ_SEED ?? DEFAULT_SEED);

test.each(DECODERS.map((decoder) => [decoder.name, decoder] as const))('%s: whatever comes is taken, or refused as documented', async (_, decoder) => {
  const { inputs, taken, refused } = await fuzz(decoder, { inputs: inputsFor(decoder, INPUTS), seed: SEED });
  expect(taken + refused).toBe(inputs);
  expect(taken).toBeGreaterThan(0);
  if (decoder.mayThrow.length > 0) expect(refused).toBeGreaterThan(0);
});
