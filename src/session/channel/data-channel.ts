import { setTimeout as sleep } from 'node:timers/promises';
import { printable, reasonOf } from '../../text';
import { Connection, type ConnectionOptions } from '../connection/connection';
import type { SessionEnd } from '../session-end';
import { decodeAcknowledgement, encodeAcknowledgement } from '../wire/acknowledgement';
import { type AgentMessage, decodeMessage, FLAGS, MESSAGE_TYPES, PAYLOAD_TYPES } from '../wire/message';
import { Receiver } from './receiver';
import { type PayloadSource, Sender } from './sender';

/** Milliseconds for the agent to hear that the session ends, and for the service to say goodbye. */
const FLAG_PATIENCE = 800;
const CLOSE_PATIENCE = 200;
/** Milliseconds without a word from the agent while it has something to acknowledge. It goes by without reason only while its target reads nothing. */
const DEAF_AFTER = 15_000;

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
  /** When the agent last said something, or was asked for something after it had answered all. */
  private heardAt = 0;
  private readonly connection: Connection;
  private readonly sender: Sender;
  private readonly receiver: Receiver;
  /** What to do with each type of message; others are none of a client's business. */
  private readonly dispatch: Record<string, (message: AgentMessage) => void> = {
    [MESSAGE_TYPES.OUTPUT]: (message) => this.receiver.receive(message),
    [MESSAGE_TYPES.ACKNOWLEDGE]: (message) => this.acknowledged(message),
    [MESSAGE_TYPES.CHANNEL_CLOSED]: (message) => this.closed(message),
    [MESSAGE_TYPES.PAUSE]: () => this.sender.pause(),
    [MESSAGE_TYPES.START]: () => this.sender.start(),
  };

  constructor(options: DataChannelOptions, private readonly handlers: DataChannelHandlers) {
    this.connection = new Connection(options, {
      frame: (frame) => this.receive(frame),
      drained: () => this.sender.pump(),
      hungUp: () => this.sender.hungUp(),
      resumed: () => {
        this.heardAt = performance.now();
        this.sender.repeatAll();
      },
      over: (end) => handlers.ended(end),
    });
    this.sender = new Sender(this.connection, handlers.nextPayload, options.packetsPerSecond, (because, packetsPerSecond) => {
      options.log.info('sending slower', { because, packetsPerSecond: Math.round(packetsPerSecond) });
    });
    this.receiver = new Receiver({
      acknowledge: (message) => this.connection.offer(encodeAcknowledgement(message)),
      deliver: handlers.message,
    });
  }

  open(): Promise<void> {
    return this.connection.open();
  }

  /** How often another connection has taken the place of a lost one. */
  get reconnects(): number {
    return this.connection.reconnects;
  }

  /** What stands in the way of a connection now, and what to type; undefined when nothing does. */
  get trouble(): string | undefined {
    return this.connection.trouble;
  }

  /** There is reason to think that a connection is to be had now: does not wait out a pause. */
  retry(): void {
    this.connection.retry();
  }

  /** Whether the agent seems to be gone, although the service is there. */
  get isDeaf(): boolean {
    return this.connection.isConnected && this.sender.isWaiting && performance.now() - this.heardAt > DEAF_AFTER;
  }

  send(payloadType: number, payload: Buffer): void {
    this.noteQuestion();
    this.sender.send(payloadType, payload);
  }

  /** There is something to be sent. */
  pump(): void {
    this.noteQuestion();
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

  private noteQuestion(): void {
    if (!this.sender.isWaiting) this.heardAt = performance.now();
  }

  private receive(frame: Buffer): void {
    this.heardAt = performance.now();
    try {
      const message = decodeMessage(frame);
      if (Object.hasOwn(this.dispatch, message.type)) this.dispatch[message.type]!(message);
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
