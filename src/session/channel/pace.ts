/** So many packets may leave at once after a rest; timers that fire late are made up for within the second number. */
const BURST_PACKETS = 20;
const BURST_SECONDS = 0.04;

/** What speaks against the pace: what is left of it then, and below how many packets a second it does not fall for that. */
const OBJECTIONS = {
  /** The service asks to send nothing. */
  'pause': { factor: 0.5, floor: 50 },
  /** The service hung up. */
  'hang-up': { factor: 0.5, floor: 200 },
  /** Many packets got lost. */
  'loss': { factor: 0.7, floor: 300 },
} as const;

export type Objection = keyof typeof OBJECTIONS;

/** Objections within so many milliseconds are about the same packets. */
const SAME_OCCASION = 1_000;
/** As long ago, in milliseconds, the pace may last have been what held packets back for an objection to be about it. */
const HURRIED_WITHIN = 2_000;
/** Milliseconds without objections until the pace recovers, and how many seconds it takes from nothing to its ceiling. */
const CALM = 5_000;
const RECOVERY_SECONDS = 60;
/** How near the pace comes again to one that was objected to, and for how many milliseconds it goes no further. */
const MARGIN = 0.9;
const MEMORY = 5 * 60_000;
/** The official client takes no notice of a pause; so one that nobody ends is not kept for ever. Milliseconds. */
const MAX_HOLD = 5_000;

/**
 * A token bucket: how fast packets may leave. It gets slower by a factor when something speaks against it, and faster by and by.
 * Times are in milliseconds.
 */
export class Pace {
  private readonly burst: number;
  private tokens: number;
  private filledAt = 0;
  private perSecond: number;
  /** Up to here the pace recovers while it remembers the last objection. */
  private bearable: number;
  private objectedAt = -Infinity;
  private hurriedAt = -Infinity;
  private heldUntil = -Infinity;

  /** @param ceiling packets a second at most; Infinity for no limit, which no objection changes */
  constructor(private readonly ceiling: number) {
    this.burst = Math.max(BURST_PACKETS, ceiling * BURST_SECONDS);
    this.tokens = this.burst;
    this.perSecond = this.bearable = ceiling;
  }

  /** Milliseconds until the next new packet may leave: 0 is now. */
  delay(now: number): number {
    this.fill(now);
    const isSpent = this.tokens < 1;
    if (isSpent) this.hurriedAt = now;
    return Math.max(0, this.heldUntil - now, isSpent ? ((1 - this.tokens) * 1000) / this.perSecond : 0);
  }

  /** Whether a repeated packet may leave. It may run into debt, which new packets then wait for: it goes before them. */
  allowsRepeat(now: number): boolean {
    this.fill(now);
    return this.tokens > -this.burst;
  }

  spend(): void {
    this.tokens -= 1;
  }

  /** Lets no new packet leave until `release`, or for some seconds. */
  hold(now: number): void {
    if (now >= this.heldUntil) this.heldUntil = now + MAX_HOLD;
  }

  release(): void {
    this.heldUntil = -Infinity;
  }

  /** @returns the new pace, in packets a second, if this made it slower */
  slowDown(objection: Objection, now: number): number | undefined {
    this.fill(now);
    const isHurried = now - this.hurriedAt < HURRIED_WITHIN;
    if (!isHurried && objection !== 'pause') return undefined;
    if (now - this.objectedAt < SAME_OCCASION) return undefined;
    const { factor, floor } = OBJECTIONS[objection];
    const before = this.perSecond;
    this.objectedAt = now;
    this.perSecond = Math.max(Math.min(floor, before), before * factor);
    this.bearable = isHurried ? Math.max(MARGIN * before, this.perSecond) : this.ceiling;
    return this.perSecond < before ? this.perSecond : undefined;
  }

  private fill(now: number): void {
    if (this.ceiling === Infinity) return;
    this.recover(now);
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) * this.perSecond) / 1000);
    this.filledAt = now;
  }

  private recover(now: number): void {
    const calmSince = this.objectedAt + CALM;
    if (this.perSecond === this.ceiling || now <= calmSince) return;
    const limit = now - this.objectedAt < MEMORY ? this.bearable : this.ceiling;
    const gain = ((now - Math.max(this.filledAt, calmSince)) / 1000) * (this.ceiling / RECOVERY_SECONDS);
    this.perSecond = Math.max(this.perSecond, Math.min(limit, this.perSecond + gain));
  }
}
