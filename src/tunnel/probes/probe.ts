export interface ProbeTarget {
  /** The local port. */
  readonly port: number;
  readonly signal: AbortSignal;
}

/** Whether what is behind a local port answers as its engine would. Gives false when aborted. */
export type ProbeFunction = (target: ProbeTarget) => Promise<boolean>;
