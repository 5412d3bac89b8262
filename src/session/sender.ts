import { encodeMessage, MESSAGE_TYPES, PAYLOAD_TYPES } from './message';
import { Pace } from './pace';
import { RoundTripTime } from './round-trip-time';

/** As many messages may be on their way, unacknowledged. */
const WINDOW = 2_000;
const MIN_TICK = 10;
/** As many messages are repeated at a tick; the rest waits for the next one. */
const MAX_REPEATS = 64;
const OVERDUE = -Infinity;

/** What carries frames. While it is not ready, nothing is lost: it is asked again when it wakes the sender. */
export interface FrameCarrier {
  readonly isReady: boolean;
  send(frame: Buffer): void;
}

/** Gives the next payload, at the moment when there is room for it; it may reuse its buffer at the next call. */
export type PayloadSource = () => Buffer | undefined;

interface Unacknowledged {
  readonly frame: Buffer;
  sentAt: number;
}

/** Numbers messages, keeps each until it is acknowledged, and repeats those that are overdue. Never gives one up. */
export class Sender {
  private sequence = 0;
  private readonly unacknowledged = new Map<number, Unacknowledged>();
  private readonly roundTrip = new RoundTripTime();
  private readonly pace: Pace;
  private paceTimer?: NodeJS.Timeout;
  private repeatTimer?: NodeJS.Timeout;
  private isFinishing = false;
  private whenDrained?: () => void;

  constructor(private readonly carrier: FrameCarrier, private readonly source: PayloadSource, packetsPerSecond: number) {
    this.pace = new Pace(packetsPerSecond);
  }

  /** Sends what the session itself has to say, before anything that waits. */
  send(payloadType: number, payload: Buffer): void {
    const sequence = this.sequence++;
    const frame = encodeMessage({ type: MESSAGE_TYPES.INPUT, sequence, payloadType, payload });
    this.unacknowledged.set(sequence, { frame, sentAt: performance.now() });
    if (this.carrier.isReady) this.carrier.send(frame);
    this.scheduleRepeat();
  }

  /** Sends what the source has, as far as carrier, window and pace allow. */
  pump(): void {
    if (this.paceTimer !== undefined || this.isFinishing) return;
    while (this.carrier.isReady && this.unacknowledged.size < WINDOW) {
      const delay = this.pace.delay(performance.now());
      if (delay > 0) {
        this.paceTimer = setTimeout(() => this.resume(), delay).unref();
        return;
      }
      const payload = this.source();
      if (payload === undefined) return;
      this.pace.spend();
      this.send(PAYLOAD_TYPES.OUTPUT, payload);
    }
  }

  acknowledge(sequence: number): void {
    const message = this.unacknowledged.get(sequence);
    if (message === undefined) return;
    this.unacknowledged.delete(sequence);
    if (message.sentAt !== OVERDUE) this.roundTrip.sample(performance.now() - message.sentAt);
    if (this.unacknowledged.size === 0) this.whenDrained?.();
    this.pump();
  }

  /** A new carrier knows nothing of what the old one took. */
  repeatAll(): void {
    for (const message of this.unacknowledged.values()) message.sentAt = OVERDUE;
    clearTimeout(this.repeatTimer);
    this.repeat();
    this.pump();
  }

  /** Sends a last message and takes nothing more from the source. Resolves when all is acknowledged. */
  finish(payloadType: number, payload: Buffer): Promise<void> {
    this.isFinishing = true;
    this.send(payloadType, payload);
    return new Promise((resolve) => { this.whenDrained = resolve; });
  }

  stop(): void {
    clearTimeout(this.paceTimer);
    clearTimeout(this.repeatTimer);
    this.isFinishing = true;
    this.unacknowledged.clear();
  }

  private resume(): void {
    this.paceTimer = undefined;
    this.pump();
  }

  private scheduleRepeat(delay = this.roundTrip.timeout / 2): void {
    this.repeatTimer ??= setTimeout(() => this.repeat(), Math.max(MIN_TICK, delay)).unref();
  }

  /** Repeats what is overdue, oldest first, and looks again soon if there was no room for all of it. */
  private repeat(): void {
    this.repeatTimer = undefined;
    const now = performance.now();
    const { timeout } = this.roundTrip;
    let repeats = 0;
    let isCutShort = false;
    for (const message of this.unacknowledged.values()) {
      if (now - message.sentAt < timeout) continue;
      isCutShort = !this.carrier.isReady || repeats === MAX_REPEATS || !this.pace.allowsRepeat(now);
      if (isCutShort) break;
      message.sentAt = now;
      this.pace.spend();
      this.carrier.send(message.frame);
      repeats++;
    }
    if (repeats > 0) this.roundTrip.backOff();
    if (this.unacknowledged.size > 0) this.scheduleRepeat(isCutShort ? MIN_TICK : undefined);
  }
}
