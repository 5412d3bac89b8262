/** How a session came to its end. */
export interface SessionEnd {
  /** For a person; fit for a terminal. */
  readonly reason: string;
  readonly by: 'client' | 'service' | 'network' | 'protocol';
}
