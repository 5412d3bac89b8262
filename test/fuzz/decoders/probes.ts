import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { isTunnelHealthy } from '../../../src/tunnel/probes';
import type { Decoder } from '../decoder';

/** A probe has its verdict when the other side has hung up. One that waits on would run into the test's own limit. */
const FOR_EVER = 600_000;

/** By an engine that is asked so: what a server of it says. */
const ANSWERS: Readonly<Record<string, readonly Buffer[]>> = {
  postgres: ['S', 'N', 'E\0\0\0\x10FATAL\0'].map((text) => Buffer.from(text, 'latin1')),
  mysql: [
    '4a0000000a382e302e333600080000001a2b3c4d5e6f708100fff7080200ff8115000000000000000000000a0b0c0d0e0f101112131400636163686500',
    '17000000ff10040854 6f6f206d616e7920636f6e6e656374696f6e73'.replace(' ', ''),
    '050000000a382e3000150000 02fe6d7973716c5f6e61746976655f70617373776f726400'.replace(' ', ''),
  ].map((hex) => Buffer.from(hex, 'hex')),
  redis: ['+PONG\r\n', '-NOAUTH Authentication required.\r\n', '-LOADING\r\n'].map((text) => Buffer.from(text)),
  memcached: ['VERSION 1.6.21\r\n', 'ERROR\r\n'].map((text) => Buffer.from(text)),
  docdb: [Buffer.from('240000000700000001000000010000000800000000000000000000000000000001000000', 'hex')],
  https: ['15030100020228', '160303003a020000360303'].map((hex) => Buffer.from(hex, 'hex')),
  oracle: [Buffer.from('hello')],
};

/** A probe, asking a server that says the input and hangs up. */
function probe(engine: string, seeds: readonly Buffer[]): Decoder {
  return {
    name: `answer of ${engine}`,
    seeds,
    mayThrow: [],
    share: 30,
    start: async () => {
      let talk: (socket: Socket) => void;
      const server = createServer((socket) => talk(socket.on('error', () => undefined).resume()));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      return {
        async decode(input, dice) {
          const pieces = dice.pieces(input);
          talk = (socket) => {
            for (const piece of pieces) socket.write(piece);
            socket.end();
          };
          assert.equal(typeof await isTunnelHealthy({ engine, port, timeout: FOR_EVER }), 'boolean');
        },
        stop: () => new Promise((resolve) => server.close(() => resolve())),
      };
    },
  };
}

export const probes: readonly Decoder[] = Object.entries(ANSWERS).map(([engine, seeds]) => probe(engine, seeds));
