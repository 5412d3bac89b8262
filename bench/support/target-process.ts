import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { COMMANDS } from './commands';
import { serve } from './helper';

const PIECE = Buffer.alloc(64 * 1024, 'what the database says ');
const NO_TLS = 'N';

/** A count of bytes, and when it was taken by this process's clock, in milliseconds. */
export interface Count { readonly bytes: number; readonly at: number }

let received = 0;

const count = (): Count => ({ bytes: received, at: performance.now() });

/** What the first byte of a connection asks for. */
const SERVICES: Readonly<Record<number, (socket: Socket) => void>> = {
  [COMMANDS.ECHO]: (socket) => socket.on('data', (bytes) => socket.write(bytes)),
  [COMMANDS.SINK]: (socket) => socket.on('data', (bytes) => { received += bytes.length; }),
  [COMMANDS.SOURCE]: pour,
  // The question with which `connect` looks whether a PostgreSQL answers.
  [COMMANDS.PROBE]: (socket) => socket.end(NO_TLS),
};

/** Stands in the place of the database: echoes, swallows, or pours out bytes. */
const methods = {
  async listen(): Promise<number> {
    const server = createServer({ noDelay: true }, welcome).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  },
  received: count,
};
export type TargetMethods = typeof methods;

function welcome(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.once('data', (bytes) => {
    SERVICES[bytes[0]!]?.(socket);
    if (bytes.length > 1) socket.emit('data', bytes.subarray(1));
  });
}

function pour(socket: Socket): void {
  const fill = (): void => {
    while (socket.writable && socket.write(PIECE));
  };
  socket.on('drain', fill).resume();
  fill();
}

serve(methods);
