import type { AgentMessage } from '../../../src/session/wire/message';

/** Past this what comes out of order is dropped without a word. */
const CAPACITY = 100_000;

export interface ReceiverOptions {
  /** Takes the next message in order; false when the agent is not ready for it, so that the client has to send it again. */
  readonly process: (message: AgentMessage) => boolean;
  readonly acknowledge: (message: AgentMessage) => void;
}

/** Puts what the client says in order. Everything is acknowledged as often as it comes. */
export class Receiver {
  private expected = 0;
  private readonly early = new Map<number, AgentMessage>();

  constructor(private readonly options: ReceiverOptions) {}

  receive(message: AgentMessage): void {
    const { process, acknowledge } = this.options;
    if (message.sequence < this.expected) acknowledge(message);
    if (message.sequence > this.expected && this.early.size < CAPACITY) {
      acknowledge(message);
      this.early.set(message.sequence, message);
    }
    if (message.sequence !== this.expected || !process(message)) return;
    acknowledge(message);
    this.expected++;
    this.takeEarly();
  }

  private takeEarly(): void {
    for (let next = this.early.get(this.expected); next && this.options.process(next); next = this.early.get(this.expected)) {
      this.early.delete(this.expected);
      this.expected++;
    }
  }
}
