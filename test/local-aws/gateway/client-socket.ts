import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Counters } from './counters';
import type { Cut, Faults } from './faults';

/** Above this many unsent bytes whoever produces them should wait. */
const CONGESTED = 1024 * 1024;
const NORMAL_CLOSURE = 1000;

/** The WebSocket of a client, and what can be done to it. */
export class ClientSocket {
  private silent = false;

  constructor(private readonly webSocket: WebSocket, private readonly carrier: Duplex, faults: Faults, private readonly counters: Counters) {
    webSocket.on('ping', (payload) => {
      counters.pings++;
      if (this.silent) counters.silenced++;
      else if (faults.pongs) webSocket.pong(payload);
    });
  }

  get congested(): boolean {
    return this.webSocket.bufferedAmount > CONGESTED;
  }

  listen(frame: (frame: Buffer) => void, gone: () => void): void {
    this.webSocket.on('message', (data, isBinary) => {
      if (this.silent) this.counters.silenced++;
      else if (isBinary) frame(data as Buffer);
    });
    this.webSocket.on('close', gone);
  }

  send(frames: readonly Buffer[]): void {
    if (this.silent) this.counters.silenced += frames.length;
    if (this.silent || this.webSocket.readyState !== this.webSocket.OPEN) return;
    this.carrier.cork();
    for (const frame of frames) this.webSocket.send(frame);
    this.carrier.uncork();
  }

  /** From now on the connection is half open: nothing comes through, nothing is answered, nobody hangs up. */
  silence(): void {
    this.silent = true;
  }

  cut(how: Cut): void {
    if (how === 'bye') this.webSocket.close(NORMAL_CLOSURE, 'Bye');
    else this.webSocket.terminate();
  }
}
