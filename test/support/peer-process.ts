import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const PROGRAM = `
  const [port, host, uid] = process.argv.slice(1);
  if (uid) process.setuid(Number(uid));
  const socket = require('node:net').connect({ port, host, allowHalfOpen: true });
  const does = { end: (text) => socket.end(text, 'latin1'), write: (text) => socket.write(text, 'latin1'), close: () => socket.destroy(), reset: () => socket.resetAndDestroy() };
  process.on('disconnect', () => process.exit());
  process.on('message', ([what, text]) => does[what](text));
  socket.on('connect', () => process.send(['connected']));
  socket.on('data', (data) => process.send(['data', data.toString('latin1')]));
  socket.on('end', () => process.send(['end']));
  socket.on('error', (error) => process.send(['error', error.code]));
`;

export interface PeerOptions {
  readonly host?: string;
  /** Whose it is; only root can make it another's. @default - whoever runs the tests */
  readonly uid?: number;
}

/** A user without rights and without a login. */
export const NOBODY = 65534;

/** A program of its own that connects to a port of this machine, and then does as it is told. */
export class PeerProcess {
  static async connect(port: number, { host = '127.0.0.1', uid }: PeerOptions = {}): Promise<PeerProcess> {
    const child = spawn(process.execPath, ['-e', PROGRAM, String(port), host, uid === undefined ? '' : String(uid)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const peer = new PeerProcess(child);
    // Who is refused may be reset before he knows that he was connected.
    await peer.happens('connected', 'ECONNRESET');
    return peer;
  }

  /** What was said to it. */
  received = '';
  /** What has happened to it, in order. */
  readonly events: string[] = [];

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message) => {
      const [event, text = ''] = message as [string, string?];
      if (event === 'data') this.received += text;
      else this.events.push(event === 'error' ? text : event);
      this.child.emit('heard');
    });
  }

  /** Waits for one of some events: `connected`, `end`, or the code of an error. */
  async happens(...events: string[]): Promise<void> {
    while (!events.some((event) => this.events.includes(event))) await this.hear();
  }

  async hears(text: string): Promise<void> {
    while (!this.received.includes(text)) await this.hear();
  }

  write(text: string): void {
    this.child.send(['write', text]);
  }

  /** Says its last word, and reads on. */
  end(text = ''): void {
    this.child.send(['end', text]);
  }

  /** Closes its connection, and lives on. */
  close(): void {
    this.child.send(['close']);
  }

  reset(): void {
    this.child.send(['reset']);
  }

  /** Is stopped, as by Ctrl-Z. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  private async hear(): Promise<void> {
    const over = await Promise.race([once(this.child, 'heard').then(() => false), once(this.child, 'exit').then(() => true)]);
    if (over) throw new Error(`the peer has ended; it had seen ${this.events.join(', ')}`);
  }
}
