import type { Socket } from 'node:net';

/** Ends a connection with a reset, where that can still be said: an orderly end could pass for the end of a whole answer. */
export function breakOff(socket: Socket): void {
  // A reset of a socket that is shut down fails, and Node 20 then holds its handle for ever: the process could not even exit.
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
