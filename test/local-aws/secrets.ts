import { randomBytes } from 'node:crypto';

/** Makes every secret that this AWS gives out, and knows them all: none may ever show up in an output, a log, a file or an argument list. */
export class Secrets {
  readonly #made: string[] = [];

  make(bytes: number): string {
    return this.keep(randomBytes(bytes).toString('base64url'));
  }

  keep(secret: string): string {
    this.#made.push(secret);
    return secret;
  }

  all(): readonly string[] {
    return this.#made;
  }
}
