import { FLAGS, PAYLOAD_TYPES } from '../../../src/session/wire/message';
import type { AgentBehaviour } from './behaviour';
import { Dialer } from './dialer';
import { Pump } from './pump';
import { SmuxServer } from './smux-server';
import { PortRefused, type ResolveHost, resolveTarget } from './target';
import type { AgentTiming } from './timing';
import { compareVersions } from './version';

/** What the agent reads from its smux at a time. */
const CHUNK_LENGTH = 1024;
/** Older clients get no multiplexing, which this agent does not do without. */
const FIRST_WITH_MULTIPLEXING = '1.1.70';
/** Up to this version the agent sends keep-alives, and ends a session that is silent for too long. */
const LAST_WITH_KEEP_ALIVE = '1.2.331.0';

/** The document's parameters, echoed in the handshake. */
export interface PortProperties {
  readonly host: string;
  readonly portNumber: string;
  readonly localPortNumber: string;
  readonly type: string;
}

export interface PortSessionOptions {
  readonly properties: PortProperties;
  readonly clientVersion: string;
  readonly timing: AgentTiming;
  readonly behaviour: AgentBehaviour;
  readonly resolveHost: ResolveHost;
  readonly send: (payloadType: number, payload: Buffer) => void;
  readonly maySend: () => boolean;
  /** There is room for the client's data again. */
  readonly drained: () => void;
  readonly ended: (reason: string, output: string) => void;
}

/** The agent's port plugin: smux on one side, connections to the target on the other. */
export class PortSession {
  private readonly smux: SmuxServer;
  private readonly dialer: Dialer;
  private readonly pump: Pump;
  private readonly keepAlive?: NodeJS.Timeout;
  private unwritten: (() => void)[] = [];
  private closed = false;

  /** @throws PortRefused */
  constructor(private readonly options: PortSessionOptions) {
    const { properties, clientVersion, timing, behaviour, resolveHost, send, maySend, ended } = options;
    if (compareVersions(clientVersion, FIRST_WITH_MULTIPLEXING) < 0) {
      throw new PortRefused(`the client's version is ${clientVersion}; this agent serves ${FIRST_WITH_MULTIPLEXING} and newer`);
    }
    this.dialer = new Dialer(resolveTarget(properties.host, properties.portNumber, resolveHost), behaviour);
    this.smux = new SmuxServer({
      dialer: this.dialer,
      refused: () => send(PAYLOAD_TYPES.FLAG, flag(FLAGS.CONNECT_TO_PORT_ERROR)),
      readable: () => this.wake(),
      drained: () => this.drain(),
      broken: () => ended('invalid protocol', ''),
    });
    this.pump = new Pump({
      timing,
      waiting: () => this.smux.hasOutput,
      ready: maySend,
      sendChunk: () => send(PAYLOAD_TYPES.OUTPUT, this.smux.read(CHUNK_LENGTH)),
    });
    if (compareVersions(clientVersion, LAST_WITH_KEEP_ALIVE) <= 0) this.keepAlive = setInterval(() => this.keepAwake(), timing.keepAlive);
  }

  /** Whether data finds no room: the agent reads nothing more until it does. */
  get full(): boolean {
    return !this.closed && this.smux.full;
  }

  accept(bytes: Buffer): void {
    if (!this.closed) this.smux.accept(bytes);
  }

  /** Acts when all that was accepted is written, which is now unless the session is full. */
  whenWritten(act: () => void): void {
    if (this.full) this.unwritten.push(act);
    else act();
  }

  wake(): void {
    if (!this.closed) this.pump.wake();
  }

  /** Lets go of the target, which still gets what was written to it. */
  stop(): void {
    this.closed = true;
    clearInterval(this.keepAlive);
    this.pump.close();
    this.smux.close();
  }

  close(): void {
    this.stop();
    this.dialer.close();
  }

  private drain(): void {
    for (const act of this.unwritten.splice(0)) act();
    this.options.drained();
  }

  private keepAwake(): void {
    if (performance.now() - this.smux.heardAt > this.options.timing.keepAliveLimit) this.options.ended('keep-alive timeout', '');
    else this.smux.keepAlive();
  }
}

function flag(value: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(value);
  return payload;
}
