import type { Dice } from './dice';

/** One thing that is done to an input, never in place. The others are what else there is to splice from. */
export type Mutation = (input: Buffer, dice: Dice, others: readonly Buffer[]) => Buffer;

const LONGEST = 256 * 1024;
const MANY = 400;

/** Integers at which lengths and counters break, with the width in bytes that they are written in. */
const WIDTHS = [1, 2, 4, 8] as const;
const BOUNDARIES = [
  0n, 1n, 2n, 7n, 8n, 115n, 117n, 127n, 128n, 255n, 1024n, 32767n, 32768n, 65535n,
  2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, -1n, -2n,
];

/** Texts that decoders of texts stumble over. */
const TEXTS = [
  '\0', '\n', '\r\n', '\u001b[2J', '\u0007', '\u202e', '\u2028', '\ufeff', '""', '{}', '[]', 'null', 'true', '-0', '1e999', '-1', '0.5', '65536', '9007199254740993',
  '99999999999999999999', '"__proto__":', '"constructor":', '\\u0000', '\\ud800', '%00', '%2e%2e', '@', '://', '..', '\\', '"', ':', ',', '{', '[', ' ',
].map((text) => Buffer.from(text));
/** No UTF-8: a lone continuation, an overlong slash, a surrogate, a cut character. */
const INVALID = ['80', 'c0af', 'eda080', 'f09f98', 'ff', 'fe'].map((hex) => Buffer.from(hex, 'hex'));

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  flip: (input, dice) => patched(input, dice, (at) => Buffer.of(input[at]! ^ (1 << dice.below(8)))),
  overwrite: (input, dice) => patched(input, dice, () => dice.bytes(1 + dice.below(8))),
  insert: (input, dice) => spliced(input, dice.below(input.length + 1), 0, dice.bytes(1 + dice.below(16))),
  remove: (input, dice) => spliced(input, dice.below(input.length + 1), 1 + dice.below(16)),
  duplicate: (input, dice) => {
    const from = dice.below(input.length + 1);
    return spliced(input, from, 0, input.subarray(from, from + 1 + dice.below(64)));
  },
  repeat: (input, dice) => {
    const from = dice.below(input.length + 1);
    const piece = input.subarray(from, from + 1 + dice.below(32));
    return spliced(input, from, 0, Buffer.concat(Array.from({ length: 1 + dice.below(MANY) }, () => piece)));
  },
  truncate: (input, dice) => input.subarray(0, dice.below(input.length + 1)),
  behead: (input, dice) => input.subarray(dice.below(input.length + 1)),
  splice: (input, dice, others) => {
    const other = dice.pick(others);
    return Buffer.concat([input.subarray(0, dice.below(input.length + 1)), other.subarray(dice.below(other.length + 1))]);
  },
  boundary: (input, dice) => patched(input, dice, () => integer(dice)),
  number: (input, dice) => {
    const numbers = [...input.toString('latin1').matchAll(/\d+/g)];
    if (numbers.length === 0) return input;
    const { index, 0: digits } = dice.pick(numbers);
    return spliced(input, index, digits.length, Buffer.from(String(dice.pick(BOUNDARIES))));
  },
  text: (input, dice) => spliced(input, dice.below(input.length + 1), dice.below(4), dice.pick(TEXTS)),
  invalidUtf8: (input, dice) => spliced(input, dice.below(input.length + 1), dice.below(2), dice.pick(INVALID)),
  nuls: (input, dice) => spliced(input, dice.below(input.length + 1), dice.below(8), Buffer.alloc(1 + dice.below(40))),
  nest: (input, dice) => {
    const depth = 1 + dice.below(12_000);
    const [open, close] = dice.pick([['[', ']'], ['{"a":', '}']]);
    const [from, count] = [dice.below(input.length + 1), dice.below(8)];
    return spliced(input, from, count, Buffer.from(open!.repeat(depth) + (open === '[' ? '' : '1') + close!.repeat(depth)));
  },
};

const KINDS = Object.values(MUTATIONS);
/** Nesting makes inputs of thousands of bytes: it is rare. */
const RARE = [MUTATIONS.nest, MUTATIONS.repeat];

/** Does one thing or several to an input. */
export function mutate(input: Buffer, dice: Dice, others: readonly Buffer[]): Buffer {
  let mutant = input;
  for (let times = 1 + dice.below(3); times > 0; times--) {
    const kind = dice.pick(KINDS);
    if (RARE.includes(kind) && !dice.oneIn(12)) continue;
    mutant = kind(mutant, dice, others);
  }
  return mutant.subarray(0, LONGEST);
}

function patched(input: Buffer, dice: Dice, patch: (at: number) => Buffer): Buffer {
  if (input.length === 0) return input;
  const at = dice.below(input.length);
  const bytes = patch(at);
  return spliced(input, at, bytes.length, bytes);
}

function spliced(input: Buffer, at: number, count: number, insertion: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([input.subarray(0, at), insertion, input.subarray(at + count)]);
}

function integer(dice: Dice): Buffer {
  const bytes = Buffer.alloc(8);
  const width = dice.pick(WIDTHS);
  if (dice.oneIn(2)) {
    bytes.writeBigInt64LE(BigInt.asIntN(64, dice.pick(BOUNDARIES)));
    return bytes.subarray(0, width);
  }
  bytes.writeBigInt64BE(BigInt.asIntN(64, dice.pick(BOUNDARIES)));
  return bytes.subarray(8 - width);
}
