import { chmodSync, lstatSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { remove } from '../../files';
import { fileProblem } from '../store/file-problem';
import type { ControlAnswer, ControlRequest, HoldRequest, WorkerStatus } from './protocol';
import { readLine } from './read-line';
import { readRequest } from './read-request';
import { Watchers } from './watchers';

type Handle = (request: ControlRequest) => Promise<WorkerStatus>;

export interface ControlHandler {
  readonly answer: Handle;
  /** Somebody begins or ceases to hold the tunnel. */
  readonly held: (request: HoldRequest, isOver: boolean) => WorkerStatus;
}

const IS_PIPE = process.platform === 'win32';

/** The worker's side of the control channel. Whoever may connect to it owns the tunnels folder. */
export class ControlServer {
  private server?: Server;
  private readonly sockets = new Set<Socket>();
  private readonly watchers = new Watchers(async () => this.handler.answer({ op: 'status' }));
  /** Those who hold the tunnel: they outlast a new socket file. */
  private readonly holders = new Set<Socket>();
  /** Which file the socket is: another may be put in its place. */
  private inode?: number;

  constructor(private readonly path: string, private readonly handler: ControlHandler) {}

  /** Listens; also again, after somebody took the socket's file away. */
  async listen(): Promise<void> {
    void this.stopListening();
    if (!IS_PIPE) remove(this.path);
    const server = createServer((socket) => void this.answer(socket));
    const umask = IS_PIPE ? undefined : process.umask(0o077);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', (error) => reject(fileProblem(`the control channel ${this.path}`, 'made', error) as Error));
        server.listen(this.path, resolve);
      });
    } finally {
      if (umask !== undefined) process.umask(umask);
    }
    if (!IS_PIPE) {
      chmodSync(this.path, 0o600);
      this.inode = lstatSync(this.path).ino;
    }
    this.server = server;
  }

  /** Whether the path still leads here. */
  get isReachable(): boolean {
    return IS_PIPE || lstatSync(this.path, { throwIfNoEntry: false })?.ino === this.inode;
  }

  /** Something has changed: those who watch are told. */
  async changed(): Promise<void> {
    await this.watchers.tell();
  }

  async close(): Promise<void> {
    const closed = this.stopListening();
    for (const socket of this.holders) socket.destroy();
    await closed;
  }

  /** @returns once the last holder is gone, too */
  private async stopListening(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private async answer(socket: Socket): Promise<void> {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let answer: ControlAnswer;
    try {
      const request = readRequest(await readLine(socket));
      if (request.op === 'watch') return await this.watchers.add(socket);
      answer = { status: request.op === 'hold' ? await this.hold(socket, request) : await this.handler.answer(request) };
    } catch (error) {
      answer = { error: (error as Error).message };
    }
    socket.end(lineOf(answer));
  }

  /** Until it says so, or is gone. */
  private async hold(socket: Socket, request: HoldRequest): Promise<WorkerStatus> {
    const status = this.handler.held(request, false);
    this.sockets.delete(socket);
    this.holders.add(socket);
    socket.write(lineOf({ status }));
    await readLine(socket).catch(() => undefined);
    this.holders.delete(socket);
    return this.handler.held(request, true);
  }
}

function lineOf(answer: ControlAnswer): string {
  return `${JSON.stringify(answer)}\n`;
}
