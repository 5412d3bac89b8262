import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { SessionLab } from './session-lab';

/** The official client spoils a last byte `\n` that a packet has for itself: after so many bytes, and each time after 1,024 more. */
const SPOILT = [1_017, 2_041, 3_065, 4_089];
const BYTES = [...Array(256).keys()];
const WRITES = [
  ...Array.from({ length: 5_000 }, (_, n) => ({ length: n + 1, last: n % 256 })),
  ...SPOILT.flatMap((length) => BYTES.map((last) => ({ length, last }))),
];
const TOTAL = WRITES.reduce((sum, { length }) => sum + length, 0);

/** Answers with the digest of all that it got once it is all there. */
function digester(socket: Socket): void {
  const digest = createHash('sha256');
  let received = 0;
  socket.on('data', (piece) => {
    digest.update(piece);
    received += piece.length;
    if (received === TOTAL) socket.write(digest.digest('hex'));
  });
}

test('writes of 1 to 5,000 bytes that end in whatever byte arrive as they are', async () => {
  const lab = await SessionLab.start({ target: digester });
  const listener = createServer({ allowHalfOpen: true });
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  try {
    const session = await lab.open({ packetsPerSecond: Infinity });
    const socket = connect((listener.address() as AddressInfo).port, '127.0.0.1').setNoDelay().on('error', () => undefined);
    const [forwarded] = await once(listener, 'connection') as [Socket];
    session.forward(forwarded);
    const digest = createHash('sha256');
    let written = 0;
    for (const { length, last } of WRITES) {
      const bytes = Buffer.alloc(length, 'abcdefg');
      bytes[length - 1] = last;
      digest.update(bytes);
      written += length;
      socket.write(bytes);
      // Each is read alone, as it was written.
      while (forwarded.bytesRead < written) await once(forwarded, 'data');
    }
    const [answer] = await once(socket, 'data') as [Buffer];
    expect(answer.toString()).toBe(digest.digest('hex'));
  } finally {
    listener.close();
    await lab.close();
  }
});
