const MINUTE = 60_000;

/** How long a session may last, in minutes as documents have it. */
export interface SessionLimits {
  /** Without data, in either direction. */
  readonly idleSessionTimeout?: number;
  /** In all. */
  readonly maxSessionDuration?: number;
}

type Limit = keyof SessionLimits;

/** What the service tells the client. The first is on record word for word (amazon-ssm-agent, issue 261); how it says the second is not. */
export const LIMIT_OUTPUTS: Readonly<Record<Limit, string>> = {
  idleSessionTimeout: 'Your session timed out due to inactivity and has been terminated.',
  maxSessionDuration: 'Your session reached its maximum duration and has been terminated.',
};

/** The time that limits are counted in: the machine's, and what tests add to it. In milliseconds. */
export class Clock {
  private ahead = 0;

  get now(): number {
    return performance.now() + this.ahead;
  }

  advance(minutes: number): void {
    this.ahead += minutes * MINUTE;
  }
}

/** Watches one session. */
export class LimitWatch {
  private readonly startedAt: number;
  private activeAt: number;
  private timer?: NodeJS.Timeout;

  constructor(private readonly limits: SessionLimits, private readonly clock: Clock, private readonly exceeded: (limit: Limit) => void) {
    this.startedAt = this.activeAt = clock.now;
    this.look();
  }

  /** Data went through. */
  touch(): void {
    this.activeAt = this.clock.now;
  }

  look(): void {
    clearTimeout(this.timer);
    const { idleSessionTimeout = Infinity, maxSessionDuration = Infinity } = this.limits;
    const [idle, over] = [this.activeAt + idleSessionTimeout * MINUTE, this.startedAt + maxSessionDuration * MINUTE];
    const left = Math.min(idle, over) - this.clock.now;
    if (left <= 0) this.exceeded(idle < over ? 'idleSessionTimeout' : 'maxSessionDuration');
    else if (left < Infinity) this.timer = setTimeout(() => this.look(), Math.ceil(left));
  }

  close(): void {
    clearTimeout(this.timer);
  }
}
