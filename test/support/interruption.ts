import { EXIT_CODES } from '../../src/problem';

const CODES = { SIGHUP: EXIT_CODES.HUNG_UP, SIGINT: EXIT_CODES.INTERRUPTED, SIGTERM: EXIT_CODES.TERMINATED } as const;

/** What tells a program of ours to end: it cleans up, and then ends with the code of the signal. */
export class Interruption {
  /** @default - nobody has interrupted it */
  code?: number;
  private readonly abort = new AbortController();

  constructor() {
    for (const [signal, code] of Object.entries(CODES)) {
      process.on(signal, () => {
        this.code = code;
        this.abort.abort();
      });
    }
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }
}
