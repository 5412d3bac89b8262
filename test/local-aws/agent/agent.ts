import { decodeAcknowledgement, encodeAcknowledgement } from '../../../src/session/wire/acknowledgement';
import { type AgentMessage, decodeMessage, encodeMessage, FLAGS, MalformedMessage, MESSAGE_TYPES, PAYLOAD_TYPES, SYN_AND_FIN } from '../../../src/session/wire/message';
import type { AgentBehaviour } from './behaviour';
import { Handshake } from './handshake';
import { PortSession, type PortProperties } from './port-session';
import { Receiver } from './receiver';
import { Sender } from './sender';
import { PortRefused, type ResolveHost } from './target';
import type { AgentTiming } from './timing';

export interface AgentOptions {
  readonly sessionId: string;
  readonly properties: PortProperties;
  readonly timing: AgentTiming;
  readonly behaviour: AgentBehaviour;
  readonly resolveHost: ResolveHost;
  /** Hands a frame to the gateway. */
  readonly transmit: (frame: Buffer) => void;
  /** Whether the gateway has more than it can get rid of. */
  readonly congested: () => boolean;
  readonly malformed: () => void;
  /** The agent is through with the session. The output is what the service shows the user. */
  readonly ended: (reason: string, output: string) => void;
}

/** One session of the SSM agent, from the moment it is asked for to its end. */
export class Agent {
  private readonly sender: Sender;
  private readonly receiver: Receiver;
  private readonly handshake: Handshake;
  private port?: PortSession;
  private readonly timers = new Set<NodeJS.Timeout>();
  private inbox: Buffer[] = [];
  private over = false;

  constructor(private readonly options: AgentOptions) {
    const { timing, behaviour, properties, transmit } = options;
    this.sender = new Sender(timing, transmit);
    this.receiver = new Receiver({ process: (message) => this.process(message), acknowledge: (message) => this.acknowledge(message) });
    this.handshake = new Handshake({
      properties: { ...properties },
      behaviour,
      timing,
      send: (type, payload) => this.sender.send(type, payload),
      completed: () => this.after(timing.notReady, () => this.startPort()),
      failed: (output) => this.end('handshake failed', output),
    });
  }

  start(): void {
    const state = { SchemaVersion: 1, SessionState: 'Connected', SessionId: this.options.sessionId };
    this.options.transmit(encodeMessage({ type: 'agent_session_state', flags: SYN_AND_FIN, payload: Buffer.from(JSON.stringify(state)) }));
    if (this.options.behaviour.silentSessions > 0) this.options.behaviour.silentSessions--;
    else this.handshake.start();
  }

  /** A frame from the gateway. While the target's data finds no room nothing is read, acknowledgements included. */
  receive(frame: Buffer): void {
    if (!this.over) this.inbox.push(frame);
    this.readOn();
  }

  /** Ends at once, as when the instance goes away. */
  close(): void {
    this.over = true;
    this.inbox = [];
    this.sender.close();
    this.handshake.close();
    this.port?.close();
    for (const timer of this.timers) clearTimeout(timer);
  }

  private readOn(): void {
    while (!this.over && !this.port?.full) {
      const frame = this.inbox.shift();
      if (!frame) return;
      try {
        this.dispatch(decodeMessage(frame));
      } catch (error) {
        if (!(error instanceof MalformedMessage || error instanceof SyntaxError)) throw error;
        this.options.malformed();
      }
    }
  }

  private dispatch(message: AgentMessage): void {
    if (message.type === MESSAGE_TYPES.INPUT || message.type === MESSAGE_TYPES.ACKNOWLEDGE) this.resume();
    switch (message.type) {
      case MESSAGE_TYPES.INPUT: return this.receiver.receive(message);
      case MESSAGE_TYPES.ACKNOWLEDGE: return this.sender.acknowledge(decodeAcknowledgement(message) ?? -1);
      case MESSAGE_TYPES.CHANNEL_CLOSED: return this.terminate('TerminateSession');
      case MESSAGE_TYPES.START: return this.resume();
      case MESSAGE_TYPES.PAUSE:
        this.sender.paused = true;
    }
  }

  private resume(): void {
    this.sender.paused = false;
    this.port?.wake();
  }

  /** False while the port plugin is not ready: neither acknowledged nor counted, so that the client sends it again. */
  private process({ payloadType, payload }: AgentMessage): boolean {
    if (payloadType === PAYLOAD_TYPES.HANDSHAKE_RESPONSE) this.handshake.respond(payload);
    // What comes too early is acknowledged and thrown away.
    else if (this.handshake.complete) return this.processData(payloadType, payload);
    return true;
  }

  private processData(payloadType: number, payload: Buffer): boolean {
    if (!this.port) return false;
    if (payloadType === PAYLOAD_TYPES.OUTPUT) this.port.accept(payload);
    if (payloadType === PAYLOAD_TYPES.FLAG && payload.readUInt32BE(0) === FLAGS.TERMINATE_SESSION) this.terminate('terminate flag');
    return true;
  }

  private acknowledge(message: AgentMessage): void {
    const acknowledgement = encodeAcknowledgement(message);
    if (this.port) this.port.whenWritten(() => this.options.transmit(acknowledgement));
    else this.options.transmit(acknowledgement);
  }

  private startPort(): void {
    const { timing, behaviour, properties, resolveHost, congested } = this.options;
    const { clientVersion } = this.handshake;
    try {
      this.port = new PortSession({
        properties,
        clientVersion,
        timing,
        behaviour,
        resolveHost,
        send: (type, payload) => this.sender.send(type, payload),
        maySend: () => !this.sender.paused && !congested(),
        drained: () => this.readOn(),
        ended: (reason, output) => this.end(reason, output),
      });
    } catch (error) {
      if (!(error instanceof PortRefused)) throw error;
      this.end('port refused', error.message);
    }
  }

  /** Lets go of the target, waits for the last acknowledgements, ends. */
  private terminate(reason: string): void {
    this.port?.stop();
    const deadline = performance.now() + this.options.timing.drain;
    const look = (): void => {
      if (this.sender.idle || performance.now() > deadline) this.end(reason, '');
      else this.after(1, look);
    };
    this.after(0, look);
  }

  private end(reason: string, output: string): void {
    if (this.over) return;
    this.close();
    this.options.ended(reason, output);
  }

  private after(milliseconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, milliseconds);
    this.timers.add(timer);
  }
}
