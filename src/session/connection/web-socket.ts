import type { Agent, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { printable, reasonOf } from '../../text';
import type { Clock } from '../clock';
import { Heartbeat } from './heartbeat';
import { UpgradeRefused } from './upgrade-refused';

const HANDSHAKE_TIMEOUT = 12_000;
const MAX_FRAME = 1024 * 1024;
/** As many bytes may wait in this process for the network: enough to keep it busy, little enough for a new packet not to queue long. */
const HIGH_WATER = 128 * 1024;
const OVERFLOW = 4 * 1024 * 1024;
const NORMAL_CLOSURE = 1000;
/** What `ws` calls an end without a word. */
const ABNORMAL_CLOSURE = 1006;

export interface WebSocketHandlers {
  frame(frame: Buffer): void;
  /** There is room again. */
  drained(): void;
  /** The far end closes it in good order, which is a loss all the same: said just before `lost`. */
  hungUp?(): void;
  /** It is over: closed by the far end, broken, or silent for too long. Said once, and not after `close`. */
  lost(reason: string): void;
}

export interface WebSocketRequest {
  readonly url: URL;
  readonly headers: Record<string, string>;
  /** What it goes through. @default - the network, directly */
  readonly agent?: Agent;
  readonly signal?: AbortSignal;
  /** What the heartbeat goes by. @default - the real one */
  readonly clock?: Clock;
}

/** A WebSocket that carries binary frames, and notices when the far end has gone without a word. */
export class ChannelWebSocket {
  /** Connects, and sends a textual frame before any other. Rejects where the far end cannot be reached or refuses. */
  static async connect(request: WebSocketRequest, firstFrame: string, handlers: WebSocketHandlers): Promise<ChannelWebSocket> {
    const { signal } = request;
    signal?.throwIfAborted();
    const channel = new ChannelWebSocket(request, handlers);
    const abort = () => channel.socket.terminate();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        channel.socket.on('error', reject);
        channel.socket.on('unexpected-response', (upgrade, response) => {
          upgrade.destroy();
          reject(new UpgradeRefused(response));
        });
        channel.socket.once('open', () => {
          channel.socket.send(firstFrame);
          channel.watch(handlers, request.clock);
          resolve();
        });
      });
      return channel;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  private readonly socket: WebSocket;
  /** What the WebSocket is on. */
  private carrier?: Socket;
  private heartbeat?: Heartbeat;
  private isClosing = false;

  private constructor(request: WebSocketRequest, handlers: WebSocketHandlers) {
    this.socket = new WebSocket(request.url, {
      headers: request.headers, agent: request.agent, perMessageDeflate: false, handshakeTimeout: HANDSHAKE_TIMEOUT, maxPayload: MAX_FRAME,
    });
    this.socket.on('upgrade', ({ socket }: IncomingMessage) => {
      this.carrier = socket.on('drain', handlers.drained);
    });
    this.socket.on('message', (data, isBinary) => {
      this.heartbeat?.heard();
      if (isBinary) handlers.frame(data as Buffer);
    });
    this.socket.on('pong', () => this.heartbeat?.heard());
  }

  get isReady(): boolean {
    return this.socket.readyState === WebSocket.OPEN && this.socket.bufferedAmount < HIGH_WATER;
  }

  /** Frames of the same tick leave together. */
  send(frame: Buffer): void {
    if (this.carrier?.writableCorked === 0) {
      this.carrier.cork();
      process.nextTick(() => this.carrier?.uncork());
    }
    this.socket.send(frame);
  }

  /** Sends what may as well be lost, unless far too much waits already. */
  offer(frame: Buffer): void {
    if (this.socket.bufferedAmount < OVERFLOW) this.send(frame);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Asks whether the far end is there, without waiting for the next time: there is reason to think that it has gone. */
  askNow(): void {
    this.heartbeat?.askNow();
  }

  /** Says goodbye, and goes without an answer if none comes. Milliseconds. */
  async close(patience: number): Promise<void> {
    this.isClosing = true;
    this.heartbeat?.stop();
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.resume();
    this.socket.close(NORMAL_CLOSURE);
    const timer = setTimeout(() => this.socket.terminate(), patience);
    await new Promise((resolve) => this.socket.once('close', resolve));
    clearTimeout(timer);
  }

  private watch(handlers: WebSocketHandlers, clock?: Clock): void {
    let reason: string | undefined;
    this.heartbeat = new Heartbeat(() => this.socket.ping(), () => {
      // A reader that holds on purpose hears nothing either.
      if (this.socket.isPaused) return;
      reason = 'the service does not answer';
      this.socket.terminate();
    }, clock);
    this.socket.on('error', (error) => { reason = reasonOf(error); });
    this.socket.on('close', (code, text) => {
      this.heartbeat?.stop();
      if (this.isClosing) return;
      if (code !== ABNORMAL_CLOSURE) handlers.hungUp?.();
      handlers.lost(reason ?? `the service closed the connection (${code} ${printable(text.toString())})`);
    });
  }
}
