import type { Duplex } from 'node:stream';

/** The first bytes that come, as many as it takes; then the stream is as it was. @throws Error when it ends before */
export async function firstBytes(stream: Duplex, areEnough: (bytes: Buffer) => boolean): Promise<Buffer> {
  let heard = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      stream.off('data', take).off('end', fail).off('close', fail).off('error', fail).pause();
    };
    const fail = (error?: Error): void => {
      stop();
      reject(error ?? new Error('it hung up'));
    };
    const take = (bytes: Buffer): void => {
      heard = Buffer.concat([heard, bytes]);
      if (!areEnough(heard)) return;
      stop();
      resolve(heard);
    };
    stream.on('data', take).once('end', fail).once('close', fail).once('error', fail);
  });
}
