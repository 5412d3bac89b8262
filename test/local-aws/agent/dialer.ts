import { connect, type Socket } from 'node:net';
import type { AgentBehaviour } from './behaviour';

export interface Address {
  readonly host: string;
  readonly port: number;
}

interface Call {
  readonly connected: (socket: Socket) => void;
  readonly refused: () => void;
}

/** Connects to the target, one call after the other and without a time-out: a call that is never answered holds up all later ones. */
export class Dialer {
  private readonly waiting: Call[] = [];
  private busy = false;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly target: Address, private readonly behaviour: AgentBehaviour) {}

  dial(connected: (socket: Socket) => void, refused: () => void): void {
    this.waiting.push({ connected, refused });
    this.next();
  }

  /** Ends every connection that was ever made, and all that wait. */
  close(): void {
    this.waiting.length = 0;
    for (const socket of this.sockets) socket.removeAllListeners('error').on('error', () => undefined).destroy();
  }

  private next(): void {
    if (this.busy) return;
    const call = this.waiting.shift();
    if (!call) return;
    this.busy = true;
    if (this.behaviour.blackHoles > 0) {
      this.behaviour.blackHoles--;
      return;
    }
    const socket = connect({ ...this.target, allowHalfOpen: true, noDelay: true });
    this.sockets.add(socket.once('close', () => this.sockets.delete(socket)));
    const refused = (): void => this.settle(call.refused);
    socket.once('error', refused);
    socket.once('connect', () => {
      socket.off('error', refused);
      this.settle(() => call.connected(socket));
    });
  }

  private settle(outcome: () => void): void {
    this.busy = false;
    outcome();
    this.next();
  }
}
