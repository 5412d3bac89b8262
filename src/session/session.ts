import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problem';
import { reasonOf } from '../text';
import { DataChannel } from './channel/data-channel';
import type { Clock } from './clock';
import type { SessionGateway, SessionTicket } from './gateway';
import type { SessionLog } from './log';
import type { SessionEnd } from './session-end';
import { breakOff } from './streams/break-off';
import { Forwarder } from './streams/forwarder';
import type { WatchHalfClosed } from './streams/half-close';
import { SmuxClient } from './streams/smux-client';
import { answerHandshake, readHandshakeComplete } from './wire/handshake';
import { FLAGS, MalformedMessage, PAYLOAD_TYPES } from './wire/message';

const START_TIMEOUT = 30_000;
/** The service is reported to pause or close a session that keeps above 1,000 for seconds. */
const PACKETS_PER_SECOND = 900;
const HALF_CLOSE_TIMEOUT = 10_000;
const TERMINATE_TIMEOUT = 5_000;

export interface SessionOptions {
  readonly gateway: SessionGateway;
  readonly log: SessionLog;
  /** Milliseconds, from the service's yes on, until the handshake must be complete. @default 30_000 */
  readonly startTimeout?: number;
  /** Aborts the opening. */
  readonly signal?: AbortSignal;
  /** Whether a `ws:` stream URL to this machine is taken: only where a custom endpoint is in use. @default false */
  readonly allowInsecureLoopback?: boolean;
  /** How many packets of 1,024 bytes are sent a second at most, and fewer while the service objects; Infinity for no limit. @default 900 */
  readonly packetsPerSecond?: number;
  /** Milliseconds of silence after which a peer that has shut down its writing side, and cannot be watched, is taken to be gone. @default 10_000 */
  readonly halfCloseTimeout?: number;
  /** Watches peers that have shut down their writing side. @default - they are judged by their silence */
  readonly watchHalfClosed?: WatchHalfClosed;
  /** What pings, pauses and giving up go by. @default - the real one */
  readonly clock?: Clock;
}

/** A session of SSM that carries TCP connections to the target. */
export interface Session {
  readonly id: string;
  readonly agentVersion: string;
  /** What an administrator wants everyone to read who opens a session. */
  readonly customerMessage?: string;
  readonly openStreams: number;
  readonly isOpen: boolean;
  /** Whether the agent has not answered for so long that it seems to be gone, although the service is there. */
  readonly isDeaf: boolean;
  /** How often another connection to the service has taken the place of a lost one. */
  readonly reconnects: number;
  /** What keeps a lost connection from being replaced now, and what to type; undefined when nothing does. */
  readonly trouble?: string;
  /** Never rejects. */
  readonly ended: Promise<SessionEnd>;
  /** Carries a local connection, whose socket allows half-open, on a stream of its own until both sides are done. Resets it if the session is over. */
  forward(socket: Socket): void;
  /** Whatever kept a lost connection from being replaced may be gone: tries at once. */
  retry(): void;
  /** Ends the session, at the agent and at the service, and resets what it carried. Never rejects. */
  close(): Promise<void>;
}

/** The service has started the session, and the agent did not take part in it. It may yet, on another try. */
export class HandshakeTimeout extends Problem {
  readonly name = 'HandshakeTimeout';
}

/**
 * Starts a session and waits until it can carry connections. Whatever fails after the start, the session is terminated.
 * @throws what `gateway.start()` throws; the signal's reason; HandshakeTimeout; Problem SESSION_FAILED
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  options.signal?.throwIfAborted();
  const session = new ForwardingSession(options, await options.gateway.start());
  try {
    await session.open();
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

class ForwardingSession implements Session {
  readonly ended: Promise<SessionEnd>;
  agentVersion = '';
  customerMessage?: string;
  private readonly channel: DataChannel;
  private readonly smux: SmuxClient;
  private readonly forwarder: Forwarder;
  private readonly shaken: Promise<void>;
  /** What to do with each type of payload. */
  private readonly payloads: Record<number, (payload: Buffer) => void> = {
    [PAYLOAD_TYPES.HANDSHAKE_REQUEST]: (payload) => this.answer(payload),
    [PAYLOAD_TYPES.HANDSHAKE_COMPLETE]: (payload) => this.shakeHands(payload),
    [PAYLOAD_TYPES.OUTPUT]: (payload) => this.smux.receive(payload),
    [PAYLOAD_TYPES.FLAG]: (payload) => this.flag(payload),
  };
  private releasing?: Promise<void>;
  private resolveEnded!: (end: SessionEnd) => void;
  private resolveShaken!: () => void;
  private rejectShaken!: (error: unknown) => void;

  constructor(private readonly options: SessionOptions, private readonly ticket: SessionTicket) {
    const { gateway, log, allowInsecureLoopback, clock, packetsPerSecond = PACKETS_PER_SECOND, halfCloseTimeout = HALF_CLOSE_TIMEOUT } = options;
    this.ended = new Promise((resolve) => { this.resolveEnded = resolve; });
    this.shaken = new Promise((resolve, reject) => {
      this.resolveShaken = resolve;
      this.rejectShaken = reject;
    });
    this.smux = new SmuxClient(() => this.channel.pump());
    this.channel = new DataChannel({ gateway, ticket, log, allowInsecureLoopback, clock, packetsPerSecond }, {
      message: ({ payloadType, payload }) => this.payloads[payloadType]?.(payload),
      nextPayload: () => this.smux.nextPayload(),
      ended: (end, cause) => void this.end(end, cause),
    });
    this.forwarder = new Forwarder(this.smux, this.channel, { timeout: halfCloseTimeout, watch: options.watchHalfClosed });
  }

  async open(): Promise<void> {
    const { signal, startTimeout = START_TIMEOUT } = this.options;
    const abort = () => void this.end({ by: 'client', reason: 'the opening was aborted' }, signal?.reason);
    const timer = setTimeout(() => {
      const timeout = new HandshakeTimeout('SESSION_FAILED', `the agent did not shake hands within ${startTimeout / 1000} s`, {
        next: 'check that the SSM agent on the bastion is running and can reach ssmmessages',
      });
      void this.end({ by: 'client', reason: timeout.message }, timeout);
    }, startTimeout);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    try {
      await Promise.all([this.shaken, this.channel.open()]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  get id(): string {
    return this.ticket.SessionId;
  }

  get isOpen(): boolean {
    return this.releasing === undefined;
  }

  get openStreams(): number {
    return this.smux.openStreams;
  }

  get isDeaf(): boolean {
    return this.channel.isDeaf;
  }

  get reconnects(): number {
    return this.channel.reconnects;
  }

  get trouble(): string | undefined {
    return this.channel.trouble;
  }

  retry(): void {
    this.channel.retry();
  }

  forward(socket: Socket): void {
    if (this.isOpen) this.forwarder.forward(socket);
    else breakOff(socket);
  }

  close(): Promise<void> {
    return this.end({ by: 'client', reason: 'closed' });
  }

  private answer(request: Buffer): void {
    // Each answer is kept until it is acknowledged: there is one, and not as many as somebody asks for.
    if (this.agentVersion !== '') throw new MalformedMessage('a second handshake');
    const { agentVersion, response, refusal } = answerHandshake(request);
    this.agentVersion = agentVersion;
    this.channel.send(PAYLOAD_TYPES.HANDSHAKE_RESPONSE, response);
    if (refusal !== undefined) throw refusal;
  }

  private shakeHands(completion: Buffer): void {
    this.customerMessage = readHandshakeComplete(completion).customerMessage;
    this.resolveShaken();
  }

  /** Which connection a refusal is about, the stream says that ends next. */
  private flag(payload: Buffer): void {
    if (payload.length !== 4 || payload.readUInt32BE(0) !== FLAGS.CONNECT_TO_PORT_ERROR) return;
    this.options.log.warn('the bastion could not connect to the target', { session: this.id });
  }

  private end(end: SessionEnd, cause?: unknown): Promise<void> {
    // Later, so that whatever happens meanwhile finds the session ending.
    this.releasing ??= Promise.resolve().then(() => this.release(end, cause));
    return this.releasing;
  }

  private async release(end: SessionEnd, cause: unknown): Promise<void> {
    const { gateway, log } = this.options;
    log.info('session ended', { session: this.id, ...end });
    this.resolveEnded(end);
    this.rejectShaken(end.by === 'client' || cause instanceof Problem ? cause : sessionFailed(end, cause));
    this.forwarder.destroy();
    const isOver = end.by === 'service';
    await this.channel.close(!isOver);
    if (isOver) return;
    const terminated = gateway.terminate(this.id).catch((error) => log.debug('the session could not be terminated', { reason: reasonOf(error) }));
    await Promise.race([terminated, sleep(TERMINATE_TIMEOUT, undefined, { ref: false })]);
  }
}

function sessionFailed({ reason }: SessionEnd, cause: unknown): Problem {
  return new Problem('SESSION_FAILED', `the session ended before it could be used: ${reason}`, { cause });
}
