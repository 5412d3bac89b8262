import { type Clock, REAL_CLOCK } from '../clock';

const INTERVAL = 20_000;
const DEADLINE = 8_000;
/** For an answer to a question that does not wait for its turn. */
const SHORT_DEADLINE = 5_000;
/** A deadline that is looked at so much later says nothing: the process stood still, and what came meanwhile has not been read. */
const LATE = 2_000;

/** Asks the far end at intervals whether it is there, and says so when it does not answer. Milliseconds. */
export class Heartbeat {
  private readonly stopAsking: () => void;
  private callOff?: () => void;

  constructor(private readonly ping: () => void, private readonly missed: () => void, private readonly clock: Clock = REAL_CLOCK) {
    this.stopAsking = clock.every(INTERVAL, () => this.ask(DEADLINE));
  }

  /** Asks out of turn: there is reason to think that the far end is gone. */
  askNow(): void {
    this.ask(SHORT_DEADLINE);
  }

  /** Anything at all came from the far end. */
  heard(): void {
    this.callOff?.();
    this.callOff = undefined;
  }

  stop(): void {
    this.stopAsking();
    this.heard();
  }

  private ask(deadline: number): void {
    this.heard();
    this.ping();
    const due = this.clock.wallClock() + deadline;
    this.callOff = this.clock.after(deadline, () => this.expired(due));
  }

  private expired(due: number): void {
    this.callOff = undefined;
    if (this.clock.wallClock() - due > LATE) this.askNow();
    else this.missed();
  }
}
