import { Problem } from '../../problem';
import { printable, reasonOf, withAdvice } from '../../text';
import { unlessAborted } from '../../unless-aborted';
import { type Clock, REAL_CLOCK } from '../clock';
import type { SessionGateway, SessionTicket } from '../gateway';
import type { SessionLog } from '../log';
import type { SessionEnd } from '../session-end';
import { signUpgrade } from '../wire/sign-upgrade';
import { parseStreamUrl } from '../wire/stream-url';
import { encodeTokenFrame } from '../wire/token-frame';
import { BackOff } from './back-off';
import { SleepWatch } from './sleep-watch';
import { UpgradeRefused } from './upgrade-refused';
import { ChannelWebSocket, type WebSocketHandlers } from './web-socket';

/** A session that idles for longer than this is usually ended by the service: there is nothing left to come back to. */
const GIVE_UP_AFTER = 20 * 60_000;
/** After a sleep, or when there is new hope, as long as this at least is not given up: networks take a while to come back. */
const GRACE = 2 * 60_000;
/** A connection that held as long was a good one: the next loss is answered at once again. */
const GOOD_AFTER = 1_000;
/** For a fresh token and a WebSocket; the SDK may take this long to notice that nobody answers. */
const TRY_TIMEOUT = 45_000;
/** Why a try is called off that another follows at once: it has not failed. */
const HURRIED = new Error('another try is made at once');

export interface ConnectionHandlers extends Pick<WebSocketHandlers, 'frame' | 'drained' | 'hungUp'> {
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
  /** @default - the real one */
  readonly clock?: Clock;
}

/** The WebSocket of a session, replaced by another when it is lost, for as long as the session lives. */
export class Connection {
  /** How often another WebSocket has taken the place of a lost one. */
  reconnects = 0;
  /** What stands in the way of a connection now, and what to type; undefined when nothing does. */
  trouble?: string;
  private socket?: ChannelWebSocket;
  private connectedAt = 0;
  private giveUpAt = 0;
  private isPaused = false;
  private readonly closing = new AbortController();
  /** Calls off the pause, the call or the handshake by which a lost WebSocket is being replaced; undefined when none is. */
  private attempt?: AbortController;
  private readonly clock: Clock;
  private readonly backOff: BackOff;
  private readonly sleepWatch: SleepWatch;

  constructor(private readonly options: ConnectionOptions, private readonly handlers: ConnectionHandlers) {
    this.clock = options.clock ?? REAL_CLOCK;
    this.backOff = new BackOff(this.clock);
    this.sleepWatch = new SleepWatch(this.clock, () => this.woke());
  }

  /** @throws Problem SESSION_FAILED where the stream URL is not to be trusted, or the service cannot be reached */
  async open(): Promise<void> {
    const { ticket, allowInsecureLoopback } = this.options;
    const url = parseStreamUrl(ticket.StreamUrl, allowInsecureLoopback);
    try {
      await this.connect(url, ticket.TokenValue, this.closing.signal);
    } catch (error) {
      throw new Problem('SESSION_FAILED', `the data channel at ${url.host} could not be opened: ${reasonOf(error)}`, {
        next: this.adviceOn(error), cause: error,
      });
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

  /** There is reason to think that it works now: tries at once, where it is trying at all. */
  retry(): void {
    if (this.attempt === undefined) return;
    this.giveUpAt = Math.max(this.giveUpAt, this.clock.wallClock() + GRACE);
    this.backOff.hurry();
    this.attempt.abort(HURRIED);
  }

  /** From now on a loss is final, and so is not having connected yet. */
  keepNoLonger(): void {
    this.sleepWatch.stop();
    this.closing.abort();
    this.attempt?.abort();
  }

  /** @param patience milliseconds for the far end to say goodbye */
  async close(patience: number): Promise<void> {
    this.keepNoLonger();
    const { socket } = this;
    this.socket = undefined;
    await socket?.close(patience);
  }

  private woke(): void {
    this.options.log.debug('the machine has slept');
    this.socket?.askNow();
    this.retry();
  }

  private async connect(url: URL, token: string, signal: AbortSignal): Promise<void> {
    const { gateway } = this.options;
    signal.throwIfAborted();
    const credentials = await unlessAborted(gateway.credentials(), signal);
    const [headers, agent] = [await signUpgrade({ url, region: gateway.region, credentials }), await gateway.agent?.(url)];
    const socket = await ChannelWebSocket.connect({ url, headers, agent, signal, clock: this.clock }, encodeTokenFrame(token), {
      frame: this.handlers.frame,
      drained: this.handlers.drained,
      hungUp: this.handlers.hungUp,
      lost: (reason) => void this.lost(url, reason),
    });
    if (signal.aborted) await socket.close(0);
    signal.throwIfAborted();
    if (this.isPaused) socket.pause();
    this.connectedAt = this.clock.now();
    this.socket = socket;
  }

  private async lost(url: URL, reason: string): Promise<void> {
    this.socket = undefined;
    if (this.closing.signal.aborted) return;
    if (this.clock.now() - this.connectedAt >= GOOD_AFTER) this.backOff.succeeded();
    else this.backOff.failed();
    this.options.log.info('connection lost, resuming the session', { reason });
    await this.comeBack(url, reason);
  }

  /** Never rejects. */
  private async comeBack(url: URL, loss: string): Promise<void> {
    const lostAt = this.clock.wallClock();
    let obstacle = loss;
    this.giveUpAt = lostAt + GIVE_UP_AFTER;
    do {
      const attempt = new AbortController();
      this.attempt = attempt;
      try {
        await this.clock.sleep(this.backOff.pause(), attempt.signal);
        if (!(await this.tryAgain(url, attempt))) this.handlers.over({ by: 'service', reason: 'the service has ended the session' });
        return;
      } catch (error) {
        if (this.closing.signal.aborted) return;
        if (attempt.signal.reason !== HURRIED) obstacle = this.failed(attempt.signal.reason ?? error);
      }
      // A pause that the machine slept through ends before anybody has noticed.
      this.sleepWatch.look();
    } while (this.clock.wallClock() < this.giveUpAt);
    const minutes = Math.round((this.clock.wallClock() - lostAt) / 60_000);
    this.handlers.over({ by: 'network', reason: `the session could not be resumed for ${minutes} min: ${obstacle}` });
  }

  /** @returns false when there is no session any more. Rejects when that is not known. */
  private async tryAgain(url: URL, attempt: AbortController): Promise<boolean> {
    const { gateway, ticket, log } = this.options;
    this.backOff.tried();
    const callOff = this.clock.after(TRY_TIMEOUT, () => attempt.abort(new Error(`no answer within ${TRY_TIMEOUT / 1000} s`)));
    try {
      attempt.signal.throwIfAborted();
      const fresh = await unlessAborted(gateway.resume(ticket.SessionId), attempt.signal);
      if (fresh === undefined) return false;
      await this.connect(url, fresh.TokenValue, attempt.signal);
    } finally {
      callOff();
    }
    this.attempt = undefined;
    this.trouble = undefined;
    this.reconnects++;
    log.info('session resumed');
    this.handlers.resumed();
    return true;
  }

  /** @returns why, for a person */
  private failed(error: unknown): string {
    const { log } = this.options;
    const reason = reasonOf(error);
    const what = `the session cannot be resumed: ${reason}`;
    if (Problem.is(error) && error.code === 'CREDENTIALS') {
      const next = printable(error.next);
      const trouble = withAdvice(what, next);
      if (trouble !== this.trouble) log.warn(what, { next });
      this.trouble = trouble;
      this.backOff.failedForLong();
    } else {
      log.debug('the session could not be resumed yet', { reason });
      this.trouble = withAdvice(what, this.adviceOn(error));
      this.backOff.failed(error instanceof UpgradeRefused ? error.retryAfter : 0);
    }
    return reason;
  }

  private adviceOn(error: unknown): string | undefined {
    if (error instanceof UpgradeRefused) return error.next;
    return Problem.is(error) ? error.next : this.options.gateway.advise?.(error);
  }
}
