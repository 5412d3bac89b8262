import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../problem';
import { reasonOf } from '../text';
import type { SessionGateway, SessionTicket } from './gateway';
import type { SessionLog } from './log';
import type { SessionEnd } from './session-end';
import { signUpgrade } from './sign-upgrade';
import { parseStreamUrl } from './stream-url';
import { encodeTokenFrame } from './token-frame';
import { ChannelWebSocket, type WebSocketHandlers } from './web-socket';

const FIRST_PAUSE = 200;
const MAX_PAUSE = 15_000;
/** A session that idles for longer than this is usually ended by the service: there is nothing left to come back to. */
const GIVE_UP_AFTER = 20 * 60_000;
/** A connection that held as long was a good one: the next loss is answered at once again. */
const GOOD_AFTER = 1_000;

export interface ConnectionHandlers extends Pick<WebSocketHandlers, 'frame' | 'drained'> {
  /** Another WebSocket is there; what the one before had taken may be lost. */
  resumed(): void;
  /** The session is over, or cannot be reached any more. */
  over(end: SessionEnd): void;
}

export interface ConnectionOptions {
  readonly gateway: SessionGateway;
  readonly ticket: SessionTicket;
  readonly log: SessionLog;
  readonly allowInsecureLoopback?: boolean;
}

/** The WebSocket of a session, replaced by another when it is lost, for as long as the session lives. */
export class Connection {
  private socket?: ChannelWebSocket;
  private connectedAt = 0;
  private failures = 0;
  private isPaused = false;
  private readonly closing = new AbortController();

  constructor(private readonly options: ConnectionOptions, private readonly handlers: ConnectionHandlers) {}

  /** @throws Problem SESSION_FAILED where the stream URL is not to be trusted, or the service cannot be reached */
  async open(): Promise<void> {
    const { ticket, allowInsecureLoopback } = this.options;
    const url = parseStreamUrl(ticket.StreamUrl, allowInsecureLoopback);
    try {
      await this.connect(url, ticket.TokenValue);
    } catch (error) {
      throw new Problem('SESSION_FAILED', `the data channel at ${url.host} could not be opened: ${reasonOf(error)}`, { cause: error });
    }
  }

  get isConnected(): boolean {
    return this.socket !== undefined;
  }

  get isReady(): boolean {
    return this.socket?.isReady ?? false;
  }

  send(frame: Buffer): void {
    this.socket?.send(frame);
  }

  /** Sends what may as well be lost, unless the network is far behind already. */
  offer(frame: Buffer): void {
    this.socket?.offer(frame);
  }

  pause(): void {
    this.isPaused = true;
    this.socket?.pause();
  }

  resume(): void {
    this.isPaused = false;
    this.socket?.resume();
  }

  /** From now on a loss is final, and so is not having connected yet. */
  keepNoLonger(): void {
    this.closing.abort();
  }

  /** @param patience milliseconds for the far end to say goodbye */
  async close(patience: number): Promise<void> {
    this.keepNoLonger();
    await this.socket?.close(patience);
  }

  private async connect(url: URL, token: string): Promise<void> {
    const { gateway } = this.options;
    const { signal } = this.closing;
    const headers = await signUpgrade({ url, region: gateway.region, credentials: await gateway.credentials() });
    const socket = await ChannelWebSocket.connect({ url, headers, signal }, encodeTokenFrame(token), {
      frame: this.handlers.frame,
      drained: this.handlers.drained,
      lost: (reason) => void this.reconnect(url, reason),
    });
    if (signal.aborted) await socket.close(0);
    signal.throwIfAborted();
    if (this.isPaused) socket.pause();
    this.connectedAt = performance.now();
    this.socket = socket;
  }

  /** Never rejects. */
  private async reconnect(url: URL, reason: string): Promise<void> {
    const { log } = this.options;
    const lostAt = performance.now();
    if (lostAt - this.connectedAt >= GOOD_AFTER) this.failures = 0;
    this.socket = undefined;
    if (this.closing.signal.aborted) return;
    log.info('connection lost, resuming the session', { reason });
    while (performance.now() - lostAt < GIVE_UP_AFTER) {
      try {
        if (await this.tryAgain(url)) return;
        return this.handlers.over({ by: 'service', reason: 'the service has ended the session' });
      } catch (error) {
        if (this.closing.signal.aborted) return;
        log.debug('the session could not be resumed yet', { reason: reasonOf(error) });
      }
    }
    this.handlers.over({ by: 'network', reason: `the service cannot be reached: ${reason}` });
  }

  /** @returns false when there is no session any more. Rejects when that is not known. */
  private async tryAgain(url: URL): Promise<boolean> {
    const { gateway, ticket, log } = this.options;
    await sleep(pauseAfter(this.failures++), undefined, { ref: false, signal: this.closing.signal });
    const fresh = await gateway.resume(ticket.SessionId);
    if (fresh === undefined) return false;
    await this.connect(url, fresh.TokenValue);
    log.info('session resumed');
    this.handlers.resumed();
    return true;
  }
}

/**
 * None at first: what the agent sends meanwhile may be lost, and it repeats one message in 100 ms.
 * Then it doubles, and is scattered, so that many sessions that were cut together do not come back together.
 */
function pauseAfter(failures: number): number {
  if (failures === 0) return 0;
  return Math.min(MAX_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}
