import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockName } from './lock-name';
import type { LockHolder, LockRequest, Release } from './index';

/** Names that live in the kernel only, and die with the process that listens on them: no file is left behind. */
const ADDRESS_PREFIX = process.platform === 'win32' ? '\\\\.\\pipe\\' : '\0';
const PID = /^(\d{1,10})\n/;
/** Where the holder went away between our two looks at it. */
const RETRY_AFTER = 5;
/** Milliseconds after which a holder that does not say who it is is taken to be nobody we know. */
const SILENT_AFTER = 2_000;

/** The lock is an address that only one process can listen on. Who waits for it is connected to the holder, and woken by its end. */
export async function acquireSocketLock({ dir, key, signal, onWait }: LockRequest): Promise<Release> {
  const address = ADDRESS_PREFIX + lockName(dir, key);
  let tell = onWait;
  for (;;) {
    signal?.throwIfAborted();
    const release = await tryListen(address);
    if (release) return release;
    await waitForHolder(address, signal, (holder) => {
      tell?.(holder);
      tell = undefined;
    });
  }
}

async function tryListen(address: string): Promise<Release | undefined> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('close', () => waiting.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.resume().write(`${process.pid}\n`);
  });
  try {
    await once(server.listen(address), 'listening');
  } catch (error) {
    // Windows says so of a pipe that another has.
    if (['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code!)) return undefined;
    throw error;
  }
  let released: Promise<void> | undefined;
  return () => released ??= stop(server, waiting);
}

/** The address is given free before those who wait for it are woken. */
async function stop(server: Server, waiting: Set<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of waiting) socket.destroy();
  await closed;
}

async function waitForHolder(address: string, signal: AbortSignal | undefined, onHolder: (holder: LockHolder) => void): Promise<void> {
  const socket = connect({ path: address });
  const abort = () => socket.destroy();
  signal?.addEventListener('abort', abort, { once: true });
  let heard = '';
  let connected = false;
  const silent = setTimeout(() => onHolder({}), SILENT_AFTER).unref();
  socket.on('connect', () => { connected = true; });
  socket.on('data', (bytes) => {
    if (heard.length > 16) return;
    heard += bytes.toString('latin1');
    const pid = PID.exec(heard)?.[1];
    if (pid === undefined) return;
    clearTimeout(silent);
    onHolder({ pid: Number(pid) });
  });
  socket.on('error', () => undefined);
  try {
    await new Promise((resolve) => socket.on('close', resolve));
  } finally {
    clearTimeout(silent);
    signal?.removeEventListener('abort', abort);
  }
  if (!connected) await sleep(RETRY_AFTER);
}
