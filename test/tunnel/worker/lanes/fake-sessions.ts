import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Carrier } from '../../../../src/tunnel/transport/carrier';
import { AddressWatch, type Lookup } from '../../../../src/tunnel/worker/lanes/address-watch';
import { Dispatcher } from '../../../../src/tunnel/worker/lanes/dispatcher';
import { TARGET } from '../../some-target';

/** A session that carries connections nowhere. */
export class FakeCarrier implements Carrier {
  isOpen = true;
  isDeaf = false;
  closes = 0;
  retries = 0;
  trouble?: string;
  reconnects = 0;
  readonly carried: FakeSocket[] = [];
  readonly ended: Promise<{ reason: string }>;
  private end!: (end: { reason: string }) => void;

  constructor(readonly id: string, readonly host: string) {
    this.ended = new Promise((resolve) => { this.end = resolve; });
  }

  forward(socket: Socket): void {
    this.carried.push(socket as unknown as FakeSocket);
  }

  retry(): void {
    this.retries++;
  }

  async close(): Promise<void> {
    this.closes++;
    this.finish('closed');
  }

  finish(reason: string): void {
    this.isOpen = false;
    this.end({ reason });
  }
}

/** A local connection, as far as lanes look at it. */
export class FakeSocket extends EventEmitter {
  destroyed = false;
  /** Bytes that the local program has sent, and that it got. */
  bytesRead = 0;
  readableEnded = false;
  bytesWritten = 0;

  close(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

export interface Opening {
  readonly host: string;
  readonly instanceId: string;
  readonly signal: AbortSignal;
  succeed(how?: { isAnew?: boolean; instanceId?: string }): FakeCarrier;
  fail(error: Error): void;
}

/** Lanes whose sessions open when the test says so. */
export class FakeSessions {
  readonly openings: Opening[] = [];
  readonly carriers: FakeCarrier[] = [];
  readonly logged: string[] = [];
  changes = 0;
  /** Sessions open by themselves. */
  openAtOnce = false;
  /** Where the target's name leads to; undefined where it does not resolve. */
  address?: string;
  readonly dispatcher: Dispatcher;

  constructor(most = 4) {
    const note = (message: string) => { this.logged.push(message); };
    const resolve: Lookup = async () => {
      if (this.address === undefined) throw new Error('not found');
      return [this.address];
    };
    this.dispatcher = new Dispatcher({
      target: TARGET,
      instanceId: 'i-1',
      most,
      log: { debug: note, info: note, warn: note, error: note },
      addresses: new AddressWatch(resolve),
      changed: () => { this.changes++; },
      open: async ({ host }, instanceId, _deadline, signal) => new Promise((done, fail) => {
        const abort = () => fail(signal.reason as Error);
        const opening: Opening = {
          host,
          instanceId,
          signal,
          fail,
          succeed: ({ isAnew = false, instanceId: found = instanceId } = {}) => {
            const carrier = new FakeCarrier(`s-${this.openings.indexOf(opening) + 1}`, host);
            this.carriers.push(carrier);
            signal.removeEventListener('abort', abort);
            done({ carrier, instanceId: found, isAnew });
            return carrier;
          },
        };
        this.openings.push(opening);
        signal.addEventListener('abort', abort);
        if (this.openAtOnce) opening.succeed();
      }),
    });
  }

  /** A new connection, once it has been given to a session. */
  async carry(socket: FakeSocket = new FakeSocket()): Promise<FakeSocket> {
    await this.dispatcher.carry(socket as unknown as Socket);
    return socket;
  }
}
