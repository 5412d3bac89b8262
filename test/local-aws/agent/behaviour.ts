/** What a test may change about an agent. A session's agent looks at it whenever the moment comes. */
export interface AgentBehaviour {
  /** @default - the version in the transcripts */
  version: string;
  /** Shown to the user at HandshakeComplete. */
  customerMessage: string;
  /** How many of the sessions to come are accepted and never shake hands. */
  silentSessions: number;
  /** Asks for encryption with this key in the handshake, which the real agent never does for a port. */
  kmsKeyId: string | undefined;
  /** How many of the dials to come are never answered; they block every later stream of their session. */
  blackHoles: number;
}

export function realBehaviour(): AgentBehaviour {
  return { version: '3.3.987.0', customerMessage: '', silentSessions: 0, kmsKeyId: undefined, blackHoles: 0 };
}
