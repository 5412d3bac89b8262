import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { decodeAcknowledgement, encodeAcknowledgement } from '../../src/session/wire/acknowledgement';
import { type AgentMessage, decodeMessage, encodeMessage, MESSAGE_TYPES, PAYLOAD_TYPES } from '../../src/session/wire/message';
import { COMMANDS, encodeFrame, SMUX_HEADER_LENGTH } from '../../src/session/wire/smux';
import type { Ticket } from './fixture-process';

const VERSION = '1.2.835.0';
const STREAM = 3;
const PAYLOAD = 1024;
const SEQUENCE_OFFSET = 48;
/** As many messages may be on their way. */
const WINDOW = 2000;
const RETRY = 250;
const QUESTION = Buffer.alloc(64, '?');

/** All messages of a flood are the same but for their number. */
const FLOOD = encodeMessage({
  type: MESSAGE_TYPES.INPUT,
  payloadType: PAYLOAD_TYPES.OUTPUT,
  payload: encodeFrame(COMMANDS.PSH, STREAM, Buffer.alloc(PAYLOAD - SMUX_HEADER_LENGTH)),
});

/** A client that does nothing but what the agent insists on: it tells how fast the fixture can be at all. */
export class RawClient {
  /** Bytes heard, each message counted once. */
  received = 0;
  private highest = -1;
  /** Data messages said, and those of them that were acknowledged. */
  private said = 0;
  private acknowledged = 0;
  private flooding = false;
  private heardData?: () => void;
  private readonly socket: WebSocket;
  private opening?: { readonly command: number; readonly resolve: () => void; timer?: NodeJS.Timeout };

  constructor(private readonly ticket: Ticket) {
    this.socket = new WebSocket(ticket.url, { perMessageDeflate: false });
    this.socket.on('error', () => undefined);
    this.socket.once('open', () => this.socket.send(JSON.stringify({
      MessageSchemaVersion: '1.0', RequestId: randomUUID(), TokenValue: this.ticket.token, ClientId: randomUUID(), ClientVersion: VERSION,
    })));
    this.socket.on('message', (frame: Buffer) => this.hear(frame));
  }

  /** Shakes hands, opens a stream and says a byte in it. */
  open(command: number): Promise<void> {
    return new Promise((resolve) => { this.opening = { command, resolve }; });
  }

  /** Says 64 bytes and waits for what comes back. @returns how many milliseconds that took */
  async ask(): Promise<number> {
    const at = performance.now();
    const answered = new Promise<void>((resolve) => { this.heardData = resolve; });
    this.say(PAYLOAD_TYPES.OUTPUT, encodeFrame(COMMANDS.PSH, STREAM, QUESTION), this.said++);
    await answered;
    return performance.now() - at;
  }

  /** Says as much as the window allows from now on. */
  flood(): void {
    this.flooding = true;
    this.fill();
  }

  close(): void {
    clearTimeout(this.opening?.timer);
    this.flooding = false;
    this.socket.terminate();
  }

  private hear(frame: Buffer): void {
    const message = decodeMessage(frame);
    if (message.type === MESSAGE_TYPES.OUTPUT) {
      this.socket.send(encodeAcknowledgement(message));
      // The line is in order, so what is not new has been sent again.
      if (message.sequence > this.highest) this.take(message);
    } else if (message.type === MESSAGE_TYPES.ACKNOWLEDGE) {
      this.acknowledged++;
      if (decodeAcknowledgement(message) === 1) this.opened();
      if (this.flooding) this.fill();
    }
  }

  private take({ sequence, payloadType, payload }: AgentMessage): void {
    this.highest = sequence;
    if (payloadType === PAYLOAD_TYPES.HANDSHAKE_REQUEST) this.shakeHands();
    if (payloadType === PAYLOAD_TYPES.HANDSHAKE_COMPLETE) this.begin();
    if (payloadType !== PAYLOAD_TYPES.OUTPUT) return;
    this.received += payload.length;
    this.heardData?.();
  }

  private shakeHands(): void {
    this.say(PAYLOAD_TYPES.HANDSHAKE_RESPONSE, Buffer.from(JSON.stringify({
      ClientVersion: VERSION,
      ProcessedClientActions: [{ ActionType: 'SessionType', ActionStatus: 1, ActionResult: null, Error: '' }],
      Errors: null,
    })), this.said++);
  }

  /** The agent may not be ready yet, and then takes nothing: it has to be told again. */
  private begin(): void {
    const { opening } = this;
    if (!opening) return;
    this.said = 2;
    const payload = Buffer.concat([encodeFrame(COMMANDS.SYN, STREAM), encodeFrame(COMMANDS.PSH, STREAM, Buffer.from([opening.command]))]);
    const insist = (): void => {
      this.say(PAYLOAD_TYPES.OUTPUT, payload, 1);
      opening.timer = setTimeout(insist, RETRY);
    };
    insist();
  }

  private opened(): void {
    clearTimeout(this.opening?.timer);
    this.opening?.resolve();
  }

  private fill(): void {
    while (this.flooding && this.said - this.acknowledged < WINDOW) {
      const frame = Buffer.from(FLOOD);
      frame.writeUInt32BE(this.said++, SEQUENCE_OFFSET + 4);
      this.socket.send(frame);
    }
  }

  private say(payloadType: number, payload: Buffer, sequence: number): void {
    this.socket.send(encodeMessage({ type: MESSAGE_TYPES.INPUT, sequence, payloadType, payload }));
  }
}
