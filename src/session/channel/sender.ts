import { encodeMessage, MESSAGE_TYPES, PAYLOAD_TYPES } from '../wire/message';
import { LossWatch } from './loss-watch';
import { type Objection, Pace } from './pace';
import { RoundTripTime } from './round-trip-time';

/** As many messages may be on their way, unacknowledged; and as many where the agent asks for some and acknowledges none. */
const WINDOW = 2_000;
const MAX_UNACKNOWLEDGED = 2 * WINDOW;
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

/** Said when packets leave slower from now on: why, and how many a second. */
export type SlowedDown = (objection: Objection, packetsPerSecond: number) => void;

interface Unacknowledged {
  readonly frame: Buffer;
  sentAt: number;
}

/** Numbers messages, keeps each until it is acknowledged, and repeats those that are overdue. Never gives one up. */
export class Sender {
  private sequence = 0;
  private readonly unacknowledged = new Map<number, Unacknowledged>();
  private highestAcknowledged = -1;
  private readonly roundTrip = new RoundTripTime();
  private readonly pace: Pace;
  private readonly lossWatch = new LossWatch();
  private paceTimer?: NodeJS.Timeout;
  private repeatTimer?: NodeJS.Timeout;
  private isFinishing = false;
  private whenDrained?: () => void;

  /** @param packetsPerSecond at most; Infinity for no limit */
  constructor(
    private readonly carrier: FrameCarrier,
    private readonly source: PayloadSource,
    packetsPerSecond: number,
    private readonly slowedDown: SlowedDown = () => {},
  ) {
    this.pace = new Pace(packetsPerSecond);
  }

  /** Whether something is on its way that nobody has acknowledged. */
  get isWaiting(): boolean {
    return this.unacknowledged.size > 0;
  }

  /** Sends what the session itself has to say, before anything that waits. */
  send(payloadType: number, payload: Buffer): void {
    if (this.unacknowledged.size >= MAX_UNACKNOWLEDGED) throw new Error(`the agent leaves ${MAX_UNACKNOWLEDGED} messages unacknowledged`);
    this.transmit(payloadType, payload);
  }

  /** Sends what the source has, as far as carrier, window and pace allow. */
  pump(): void {
    if (this.paceTimer !== undefined || this.isFinishing) return;
    while (this.carrier.isReady && this.unacknowledged.size < WINDOW) {
      const delay = this.pace.delay(performance.now());
      if (delay > 0) {
        this.paceTimer = setTimeout(() => this.goOn(), delay).unref();
        return;
      }
      const payload = this.source();
      if (payload === undefined) return;
      this.pace.spend();
      this.transmit(PAYLOAD_TYPES.OUTPUT, payload);
    }
  }

  acknowledge(sequence: number): void {
    const message = this.unacknowledged.get(sequence);
    if (message === undefined) return;
    this.unacknowledged.delete(sequence);
    this.highestAcknowledged = Math.max(this.highestAcknowledged, sequence);
    if (message.sentAt !== OVERDUE) this.roundTrip.sample(performance.now() - message.sentAt);
    if (this.unacknowledged.size === 0) this.whenDrained?.();
    this.pump();
  }

  /** The service asks to send nothing new until `start`. */
  pause(): void {
    this.pace.hold(performance.now());
    this.slowDown('pause');
  }

  /** The service asks to go on. */
  start(): void {
    this.pace.release();
    this.goOn();
  }

  /** The service hung up. It may have had too much. */
  hungUp(): void {
    this.slowDown('hang-up');
  }

  /** A new carrier knows nothing of what the old one took, nor of a pause. */
  repeatAll(): void {
    for (const message of this.unacknowledged.values()) message.sentAt = OVERDUE;
    clearTimeout(this.repeatTimer);
    this.repeat();
    this.start();
  }

  /** Sends a last message and takes nothing more from the source. Resolves when all is acknowledged. */
  finish(payloadType: number, payload: Buffer): Promise<void> {
    this.isFinishing = true;
    this.transmit(payloadType, payload);
    return new Promise((resolve) => { this.whenDrained = resolve; });
  }

  stop(): void {
    clearTimeout(this.paceTimer);
    clearTimeout(this.repeatTimer);
    this.isFinishing = true;
    this.unacknowledged.clear();
  }

  private transmit(payloadType: number, payload: Buffer): void {
    const sequence = this.sequence++;
    const frame = encodeMessage({ type: MESSAGE_TYPES.INPUT, sequence, payloadType, payload });
    const now = performance.now();
    this.unacknowledged.set(sequence, { frame, sentAt: now });
    this.lossWatch.sent(now);
    if (this.carrier.isReady) this.carrier.send(frame);
    this.scheduleRepeat();
  }

  private goOn(): void {
    clearTimeout(this.paceTimer);
    this.paceTimer = undefined;
    this.pump();
  }

  private slowDown(objection: Objection): void {
    const packetsPerSecond = this.pace.slowDown(objection, performance.now());
    if (packetsPerSecond !== undefined) this.slowedDown(objection, packetsPerSecond);
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
    for (const [sequence, message] of this.unacknowledged) {
      if (now - message.sentAt < timeout) continue;
      isCutShort = !this.carrier.isReady || repeats === MAX_REPEATS || !this.pace.allowsRepeat(now);
      if (isCutShort) break;
      // Where later ones came through, this one was lost. Otherwise it may only be late.
      if (sequence < this.highestAcknowledged && message.sentAt !== OVERDUE) this.lossWatch.lost();
      message.sentAt = now;
      this.lossWatch.sent(now);
      this.pace.spend();
      this.carrier.send(message.frame);
      repeats++;
    }
    if (repeats > 0) this.roundTrip.backOff();
    if (this.lossWatch.isSerious) this.slowDown('loss');
    if (this.unacknowledged.size > 0) this.scheduleRepeat(isCutShort ? MIN_TICK : undefined);
  }
}
