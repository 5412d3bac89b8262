/** Where messages go; `console` is one. `info` and above are for the person who waits, `debug` for the one who looks for a fault. */
export interface Log {
  debug(message: string, details?: object): void;
  info(message: string, details?: object): void;
  warn(message: string, details?: object): void;
  error(message: string, details?: object): void;
}

/** What every call that may reach AWS is given beside its input. */
export interface AwsContext {
  readonly aws: {
    /** @default - what the environment or the profile says */
    readonly region?: string;
    /** @default - what the environment says, else the default credential chain */
    readonly profile?: string;
    /** Counts up when the environment's credentials are another's: clients that have theirs are not used again. @default 0 */
    readonly caller?: number;
  };
  readonly log: Log;
  /**
   * Gives up the call that is under way, and those to come: they reject with the signal's reason.
   * @default - every call takes the time it needs
   */
  readonly signal?: AbortSignal;
  /** How often a call is made that may succeed at another try. @default 3 */
  readonly attempts?: number;
}
