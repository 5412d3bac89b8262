import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { fileProblem } from '../store/file-problem';
import type { ControlAnswer, ControlRequest, WorkerStatus } from './protocol';
import { readLine } from './read-line';
import { readRequest } from './read-request';

export type Handle = (request: ControlRequest) => Promise<WorkerStatus>;

const IS_PIPE = process.platform === 'win32';

/** The worker's side of the control channel. Whoever may connect to it owns the tunnels folder. */
export class ControlServer {
  private server?: Server;
  private readonly sockets = new Set<Socket>();
  /** Which file the socket is: another may be put in its place. */
  private inode?: number;

  constructor(private readonly path: string, private readonly handle: Handle) {}

  /** Listens; also again, after somebody took the socket's file away. */
  async listen(): Promise<void> {
    await this.close();
    if (!IS_PIPE) rmSync(this.path, { recursive: true, force: true });
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

  async close(): Promise<void> {
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
      answer = { status: await this.handle(readRequest(await readLine(socket))) };
    } catch (error) {
      answer = { error: (error as Error).message };
    }
    socket.end(`${JSON.stringify(answer)}\n`);
  }
}
