import { seededRandom } from '../local-aws/gateway/random';

/** Chance that is the same in every run with the same seed. */
export class Dice {
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** A whole number from 0 to below a bound. */
  below(bound: number): number {
    return Math.floor(this.random() * bound);
  }

  /** Whether something happens that happens once in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }

  /** Bytes in pieces of any length, some of them empty. */
  pieces(bytes: Buffer): Buffer[] {
    const cuts = Array.from({ length: this.below(6) }, () => this.below(bytes.length + 1)).sort((one, other) => one - other);
    return [...cuts, bytes.length].map((cut, at) => bytes.subarray(cuts[at - 1] ?? 0, cut));
  }
}
