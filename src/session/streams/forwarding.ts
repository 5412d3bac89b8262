import type { Socket } from 'node:net';
import type { Backlog } from './backlog';
import type { HalfCloseRules } from './half-close';
import type { SmuxStream, StreamHandlers } from './smux-stream';

/** How long a socket may take to close after the far side is done. */
const LINGER = 5_000;

/** One local connection on a stream of its own. The stream calls what is public here. */
export class Forwarding implements StreamHandlers {
  private readonly stream: SmuxStream;
  private timer?: NodeJS.Timeout;
  private endWatch?: () => void;

  constructor(
    private readonly socket: Socket,
    open: (handlers: StreamHandlers) => SmuxStream,
    private readonly backlog: Backlog,
    private readonly halfClose: HalfCloseRules,
  ) {
    this.stream = open(this);
    socket.setNoDelay();
    socket.on('data', (data) => {
      if (!this.stream.write(data)) socket.pause();
    });
    socket.on('drain', () => backlog.remove(socket));
    socket.once('end', () => this.awaitAnswer());
    // A reset is an error and then a close; the close says it all.
    socket.on('error', () => undefined);
    socket.once('close', () => this.closed());
    // A socket that was accepted paused does not flow by being listened to.
    socket.resume();
  }

  data(data: Buffer): void {
    this.timer?.refresh();
    if (this.socket.writable && !this.socket.write(data)) this.backlog.add(this.socket);
  }

  drained(): void {
    this.socket.resume();
  }

  finished(): void {
    this.awaitNoMore();
    this.socket.once('finish', () => {
      this.timer = setTimeout(() => this.socket.destroy(), LINGER).unref();
    });
    this.socket.end();
    // What is still written here has nowhere to go. Left unread, it would make the close a reset, which can cost the peer what it has not read.
    this.socket.resume();
  }

  /**
   * The peer writes no more, but may still read. The agent closes a connection both ways at a FIN, and the rest of the answer would be lost;
   * so the FIN is kept back until the far side is done or the peer is gone altogether.
   */
  private awaitAnswer(): void {
    if (this.socket.writableEnded) return;
    const { watch } = this.halfClose;
    if (watch === undefined) return this.awaitSilence();
    this.endWatch = watch(this.socket, (peer) => (peer === 'gone' ? this.stream.finish() : this.awaitSilence()));
  }

  /** Where the peer cannot be seen, all that is known of it is that it has not read anything for a while. */
  private awaitSilence(): void {
    const { timeout } = this.halfClose;
    if (timeout === 0) return this.stream.finish();
    this.timer = setTimeout(() => {
      if (this.stream.hasWaiting) this.timer?.refresh();
      else this.stream.finish();
    }, timeout).unref();
  }

  private awaitNoMore(): void {
    clearTimeout(this.timer);
    this.endWatch?.();
  }

  private closed(): void {
    this.awaitNoMore();
    this.backlog.remove(this.socket);
    if (this.socket.readableEnded) this.stream.finish();
    else this.stream.abort();
  }
}
