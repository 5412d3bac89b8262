import type { Socket } from 'node:net';
import { LONGEST_LINE } from './protocol';

/** The first line that the other side says; rejects when it says none, or one without an end. */
export function readLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    // One that has closed does not say so again.
    if (socket.destroyed) return reject(new Error('closed without a word'));
    let text = '';
    const take = (piece: string): void => {
      text += piece;
      const end = text.indexOf('\n');
      if (end < 0 && text.length <= LONGEST_LINE) return;
      // What comes after it is thrown away: the other side may go on for ever.
      socket.off('data', take).resume();
      if (end >= 0) resolve(text.slice(0, end));
      else reject(new Error('the line has no end'));
    };
    socket.setEncoding('utf8');
    socket.on('data', take);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without a word')));
  });
}
