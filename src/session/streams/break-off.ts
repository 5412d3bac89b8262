import type { Socket } from 'node:net';

/** Ends a connection with a reset, since an orderly end could pass for the end of a whole answer; one that has its whole answer may still read it. */
export function breakOff(socket: Socket): void {
  // A reset would fail on a socket that is shut down, and Node 20 then holds its handle for ever: the process could not even exit.
  if (socket.writableEnded) socket.destroySoon();
  else reset(socket);
}

/** A Unix socket, which has no port, knows no reset: its peer sees one only where it had said something that nobody has read. */
export function reset(socket: Socket): void {
  if (socket.localPort === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
