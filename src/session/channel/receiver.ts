import type { AgentMessage } from '../wire/message';

const MAX_BYTES = 64 * 1024 * 1024;
/** A message further ahead than this is no message of this session. */
const MAX_AHEAD = 100_000;

export interface ReceiverHandlers {
  /** The message is here to stay: its sender need not repeat it. */
  acknowledge(message: AgentMessage): void;
  /** The next message in order. */
  deliver(message: AgentMessage): void;
}

/** Puts messages back in order, each once. */
export class Receiver {
  private expected = 0;
  private readonly early = new Map<number, AgentMessage>();
  private earlyBytes = 0;

  constructor(private readonly handlers: ReceiverHandlers, private readonly maxBytes = MAX_BYTES) {}

  /** Takes a message as it came. One that came before is acknowledged again, since its sender repeats it until it knows. */
  receive(message: AgentMessage): void {
    const { sequence } = message;
    const isKnown = sequence < this.expected || this.early.has(sequence);
    const isNext = sequence === this.expected;
    if (!isKnown && !isNext && !this.keep(message)) return;
    this.handlers.acknowledge(message);
    if (!isNext) return;
    this.expected++;
    this.handlers.deliver(message);
    this.drain();
  }

  /** @returns false when there is no room: it will come again */
  private keep(message: AgentMessage): boolean {
    const bytes = this.earlyBytes + message.payload.length;
    if (bytes > this.maxBytes || message.sequence - this.expected > MAX_AHEAD) return false;
    // As a copy, since a view would keep all that came with it.
    this.early.set(message.sequence, { ...message, payload: Buffer.from(message.payload) });
    this.earlyBytes = bytes;
    return true;
  }

  private drain(): void {
    for (let next = this.early.get(this.expected); next !== undefined; next = this.early.get(this.expected)) {
      this.early.delete(this.expected++);
      this.earlyBytes -= next.payload.length;
      this.handlers.deliver(next);
    }
  }
}
