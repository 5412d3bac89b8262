/** How long the agent takes and waits. Everything is in milliseconds. */
export interface AgentTiming {
  /** The sleep after every chunk that the agent sends. */
  readonly pace: number;
  /** What the sleep and the sending take on top: timer slack, hashing, the write. Pace and overhead together make the agent's ceiling. */
  readonly overhead: number;
  /** How often the oldest unacknowledged message is looked at. */
  readonly tick: number;
  readonly initialRoundTrip: number;
  readonly initialTimeout: number;
  readonly minimumVariation: number;
  readonly maximumTimeout: number;
  /** The limit of each step of the handshake. */
  readonly handshakeLimit: number;
  /** How long after HandshakeComplete the port plugin still refuses what comes in. */
  readonly notReady: number;
  /** How long a terminated session waits for its last acknowledgements. */
  readonly drain: number;
  readonly keepAlive: number;
  readonly keepAliveLimit: number;
  /** All of the above are divided by this, 1 to 50. Only tests that care for bytes and not for time set it. */
  readonly scale: number;
}

export const REAL_TIMING: AgentTiming = {
  pace: 1,
  overhead: 0.28,
  tick: 100,
  initialRoundTrip: 100,
  initialTimeout: 200,
  minimumVariation: 10,
  maximumTimeout: 1000,
  handshakeLimit: 15_000,
  notReady: 5,
  drain: 2000,
  keepAlive: 10_000,
  keepAliveLimit: 30_000,
  scale: 1,
};

const MAXIMUM_SCALE = 50;

/** The timing that an agent runs with: the real one but for the changes, all of it divided by the scale. */
export function agentTiming(changes: Partial<AgentTiming> = {}): AgentTiming {
  const timing = { ...REAL_TIMING, ...changes };
  const { scale } = timing;
  if (!(scale >= 1 && scale <= MAXIMUM_SCALE)) throw new RangeError(`the agent's scale is ${scale}; it must be from 1 to ${MAXIMUM_SCALE}`);
  const scaled = Object.entries(timing).map(([name, value]) => [name, name === 'scale' ? value : value / scale]);
  return Object.fromEntries(scaled) as AgentTiming;
}
