import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMMANDS } from './commands';
import type { Helper } from './helper';
import type { Count, TargetMethods } from './target-process';

const PIECE = Buffer.alloc(64 * 1024, 'what a client says ');
const QUESTION = Buffer.alloc(64, '?');
/** Somebody who asks again and again takes a breath in between; without it the questions alone would use up the pace. */
export const BREATH_MS = 5;
const BYTES_PER_MIB = 1024 * 1024;

/** Connections that are busy all the time. */
export interface Load {
  count(): Promise<Count>;
  stop(): Promise<void>;
}

export async function downloads(port: number, connections: number, signal: AbortSignal): Promise<Load> {
  let bytes = 0;
  const sockets = await dialAll(port, connections, COMMANDS.SOURCE, signal);
  for (const socket of sockets) socket.on('data', (data) => { bytes += data.length; });
  return { count: async () => ({ bytes, at: performance.now() }), stop: async () => sockets.forEach((socket) => socket.destroy()) };
}

export async function uploads(port: number, connections: number, signal: AbortSignal, target: Helper<TargetMethods>): Promise<Load> {
  const sockets = await dialAll(port, connections, COMMANDS.SINK, signal);
  for (const socket of sockets) {
    const fill = (): void => {
      while (socket.writable && socket.write(PIECE));
    };
    socket.on('drain', fill).resume();
    fill();
  }
  return { count: async () => target.ask('received'), stop: async () => sockets.forEach((socket) => socket.destroy()) };
}

/** MiB a second between two counts. */
export function rate(from: Count, to: Count): number {
  return mib(from, to) / ((to.at - from.at) / 1000);
}

export function mib(from: Count, to: Count): number {
  return (to.bytes - from.bytes) / BYTES_PER_MIB;
}

/** A connection on which small questions are asked, each after the answer to the one before. */
export class Dialogue {
  static async open(port: number, signal: AbortSignal): Promise<Dialogue> {
    const dialogue = new Dialogue(await dial(port, Buffer.of(COMMANDS.ECHO), signal), signal);
    await dialogue.ask();
    return dialogue;
  }

  private constructor(private readonly socket: Socket, private readonly signal: AbortSignal) {}

  /** @returns how many milliseconds each question took */
  async talk(milliseconds: number): Promise<number[]> {
    const times: number[] = [];
    for (const end = performance.now() + milliseconds; performance.now() < end;) {
      times.push(await this.ask());
      await sleep(BREATH_MS, undefined, { signal: this.signal });
    }
    return times;
  }

  close(): void {
    this.socket.destroy();
  }

  private async ask(): Promise<number> {
    const at = performance.now();
    this.socket.write(QUESTION);
    for (let left = QUESTION.length; left > 0;) {
      const [data] = await once(this.socket, 'data', { signal: this.signal }) as [Buffer];
      left -= data.length;
    }
    return performance.now() - at;
  }
}

/** Milliseconds from dialling to the first byte that comes back. */
export async function firstByte(port: number, signal: AbortSignal): Promise<number> {
  const at = performance.now();
  const socket = await dial(port, Buffer.of(COMMANDS.ECHO, QUESTION[0]!), signal);
  await once(socket, 'data', { signal });
  const took = performance.now() - at;
  socket.destroy();
  return took;
}

async function dialAll(port: number, connections: number, command: number, signal: AbortSignal): Promise<Socket[]> {
  return Promise.all(Array.from({ length: connections }, async () => dial(port, Buffer.of(command), signal)));
}

async function dial(port: number, first: Buffer, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect', { signal });
  // What breaks off is told by what does not arrive any more.
  socket.on('error', () => undefined);
  socket.write(first);
  return socket;
}
