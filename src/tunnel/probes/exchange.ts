import { connect } from 'node:net';
import { LOOPBACK } from '../tunnel';

export interface Exchange {
  readonly port: number;
  readonly signal: AbortSignal;
  /** What to say first; nothing where the other side speaks first. */
  readonly say?: Buffer;
  /** Whether these bytes, all that came so far, are an answer; undefined when it takes more to tell. */
  readonly isAnswer: (bytes: Buffer) => boolean | undefined;
}

/** Connects, says something, and tells whether an answer came before the other side hung up. Gives false when aborted. */
export function exchange({ port, signal, say, isAnswer }: Exchange): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0);
    const socket = connect({ host: LOOPBACK, port, signal });
    const settle = (verdict: boolean) => {
      resolve(verdict);
      socket.destroy();
    };
    socket.on('error', () => settle(false));
    socket.on('close', () => settle(false));
    socket.on('end', () => settle(false));
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      const verdict = isAnswer(heard);
      if (verdict !== undefined) settle(verdict);
    });
    if (say) socket.write(say);
  });
}
