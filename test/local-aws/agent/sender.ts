import { encodeMessage, MESSAGE_TYPES, SYN } from '../../../src/session/wire/message';
import { RoundTrip } from './round-trip';
import type { AgentTiming } from './timing';

/** Past this the agent still sends, but keeps no copy: what the wire loses then is lost. */
const CAPACITY = 100_000;

interface Sent {
  readonly frame: Buffer;
  at: number;
}

/** Numbers, sends and keeps what the agent says until it is acknowledged. Only the oldest is ever sent again. */
export class Sender {
  paused = false;
  private sequence = 0;
  private readonly unacknowledged = new Map<number, Sent>();
  private readonly roundTrip: RoundTrip;
  private readonly ticker: NodeJS.Timeout;

  constructor(timing: AgentTiming, private readonly transmit: (frame: Buffer) => void) {
    this.roundTrip = new RoundTrip(timing);
    this.ticker = setInterval(() => this.resendOldest(), timing.tick);
  }

  get idle(): boolean {
    return this.unacknowledged.size === 0;
  }

  send(payloadType: number, payload: Buffer): void {
    const frame = encodeMessage({
      type: MESSAGE_TYPES.OUTPUT, sequence: this.sequence, flags: this.sequence === 0 ? SYN : 0n, payloadType, payload,
    });
    if (!this.paused) this.transmit(frame);
    // Kept only after sending: where an acknowledgement could come back at once, the copy would stay for ever.
    if (this.unacknowledged.size < CAPACITY) this.unacknowledged.set(this.sequence, { frame, at: performance.now() });
    this.sequence++;
  }

  acknowledge(sequence: number): void {
    const sent = this.unacknowledged.get(sequence);
    if (!sent) return;
    this.roundTrip.sample(performance.now() - sent.at);
    this.unacknowledged.delete(sequence);
  }

  close(): void {
    clearInterval(this.ticker);
  }

  private resendOldest(): void {
    const [oldest] = this.unacknowledged.values();
    if (this.paused || !oldest || performance.now() - oldest.at <= this.roundTrip.timeout) return;
    this.transmit(oldest.frame);
    oldest.at = performance.now();
  }
}
