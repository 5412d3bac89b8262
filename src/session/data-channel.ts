import { setTimeout as sleep } from 'node:timers/promises';
import { printable, reasonOf } from '../text';
import { decodeAcknowledgement, encodeAcknowledgement } from './acknowledgement';
import { Connection, type ConnectionOptions } from './connection';
import { type AgentMessage, decodeMessage, FLAGS, MESSAGE_TYPES, PAYLOAD_TYPES } from './message';
import { Receiver } from './receiver';
import { type PayloadSource, Sender } from './sender';
import type { SessionEnd } from './session-end';

/** Milliseconds for the agent to hear that the session ends, and for the service to say goodbye. */
const FLAG_PATIENCE = 800;
const CLOSE_PATIENCE = 200;

export interface DataChannelHandlers {
  /** Gives what is to be sent next, when there is room for it. */
  readonly nextPayload: PayloadSource;
  /** The next message of the agent's, in order. What it throws ends the session. */
  message(message: AgentMessage): void;
  ended(end: SessionEnd, cause?: unknown): void;
}

export interface DataChannelOptions extends ConnectionOptions {
  readonly packetsPerSecond: number;
}

/** Carries messages both ways, in order and each once, over connections that may lose, repeat, reorder and break. */
export class DataChannel {
  private readonly connection: Connection;
  private readonly sender: Sender;
  private readonly receiver: Receiver;
  /** What to do with each type of message; others are none of a client's business. */
  private readonly dispatch: Record<string, (message: AgentMessage) => void> = {
    [MESSAGE_TYPES.OUTPUT]: (message) => this.receiver.receive(message),
    [MESSAGE_TYPES.ACKNOWLEDGE]: (message) => this.acknowledged(message),
    [MESSAGE_TYPES.CHANNEL_CLOSED]: (message) => this.closed(message),
    [MESSAGE_TYPES.PAUSE]: () => this.options.log.debug('the service asks to pause'),
    [MESSAGE_TYPES.START]: () => this.options.log.debug('the service asks to go on'),
  };

  constructor(private readonly options: DataChannelOptions, private readonly handlers: DataChannelHandlers) {
    this.connection = new Connection(options, {
      frame: (frame) => this.receive(frame),
      drained: () => this.sender.pump(),
      resumed: () => this.sender.repeatAll(),
      over: (end) => handlers.ended(end),
    });
    this.sender = new Sender(this.connection, handlers.nextPayload, options.packetsPerSecond);
    this.receiver = new Receiver({
      acknowledge: (message) => this.connection.offer(encodeAcknowledgement(message)),
      deliver: handlers.message,
    });
  }

  open(): Promise<void> {
    return this.connection.open();
  }

  send(payloadType: number, payload: Buffer): void {
    this.sender.send(payloadType, payload);
  }

  /** There is something to be sent. */
  pump(): void {
    this.sender.pump();
  }

  /** Reads no more until `resume`: the far end has to wait. */
  pause(): void {
    this.connection.pause();
  }

  resume(): void {
    this.connection.resume();
  }

  /**
   * Closes, in a second at most.
   * @param tellAgent whether the agent does not know yet that the session ends
   */
  async close(tellAgent: boolean): Promise<void> {
    this.connection.keepNoLonger();
    if (tellAgent && this.connection.isConnected) {
      const flag = Buffer.alloc(4);
      flag.writeUInt32BE(FLAGS.TERMINATE_SESSION);
      await Promise.race([this.sender.finish(PAYLOAD_TYPES.FLAG, flag), sleep(FLAG_PATIENCE, undefined, { ref: false })]);
    }
    this.sender.stop();
    await this.connection.close(CLOSE_PATIENCE);
  }

  private receive(frame: Buffer): void {
    try {
      const message = decodeMessage(frame);
      this.dispatch[message.type]?.(message);
    } catch (error) {
      this.handlers.ended({ by: 'protocol', reason: reasonOf(error) }, error);
    }
  }

  private acknowledged(message: AgentMessage): void {
    const sequence = decodeAcknowledgement(message);
    if (sequence !== undefined) this.sender.acknowledge(sequence);
  }

  private closed({ payload }: AgentMessage): void {
    this.handlers.ended({ by: 'service', reason: outputOf(payload) || 'the service closed the session' });
  }
}

/** Why the service closed the channel, in its own words; empty where it does not say. */
function outputOf(payload: Buffer): string {
  try {
    return printable(JSON.parse(payload.toString()).Output);
  } catch {
    return '';
  }
}
