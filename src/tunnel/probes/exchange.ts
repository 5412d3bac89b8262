import { connect } from 'node:net';
import { LOOPBACK } from '../tunnel';

/** Whoever says more than this without having answered speaks another language, or no end of it. */
const LONGEST_ANSWER = 64 * 1024;

/** What follows from what was heard: it is clear whether that was an answer, or there is something to say to it. */
export type Reply = { readonly verdict: boolean } | { readonly say: Buffer };

export interface Exchange {
  readonly port: number;
  readonly signal: AbortSignal;
  /** What to say first; nothing where the other side speaks first. */
  readonly say?: Buffer;
  /** What follows from these bytes, all that came so far; undefined when it takes more to tell. */
  readonly reply: (bytes: Buffer) => Reply | undefined;
  /** Whether the other side had answered when it hung up. @default - it had not */
  readonly verdictAtEnd?: (bytes: Buffer) => boolean;
}

/** Connects, says something, and tells whether an answer came before the other side hung up. Gives false when aborted. */
export function exchange({ port, signal, say, reply, verdictAtEnd = () => false }: Exchange): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0);
    const socket = connect({ host: LOOPBACK, port, signal });
    const settle = (verdict: boolean) => {
      resolve(verdict);
      socket.destroy();
    };
    socket.on('error', () => settle(!signal.aborted && verdictAtEnd(heard)));
    socket.on('close', () => settle(false));
    socket.on('end', () => settle(verdictAtEnd(heard)));
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      const next = reply(heard) ?? (heard.length > LONGEST_ANSWER ? { verdict: false } : undefined);
      if (next === undefined) return;
      if ('verdict' in next) settle(next.verdict);
      else socket.write(next.say);
    });
    if (say) socket.write(say);
  });
}
