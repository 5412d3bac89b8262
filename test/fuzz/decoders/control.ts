import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import * as fc from 'fast-check';
import { LONGEST_LINE, type WorkerStatus } from '../../../src/tunnel/control/protocol';
import { readLine } from '../../../src/tunnel/control/read-line';
import { ControlServer } from '../../../src/tunnel/control/server';
import type { Decoder } from '../decoder';
import { anyValue, jsonOf, objectWith } from '../json';

const LINES = ['{"op":"status"}\n', '{"op":"close","drain":5}\n', '{"op":"use","target":{"name":"ahbodedb","host":"w.example","port":5432,"bastion":{"exid":"main"}}}\n', `${'x'.repeat(LONGEST_LINE + 1)}`];

export const controlLine: Decoder = {
  name: 'line of the control channel',
  seeds: LINES.map((line) => Buffer.from(line)),
  mayThrow: ['Error'],
  share: 500,
  start: () => ({
    async decode(input, dice) {
      const stream = new PassThrough();
      const line = readLine(stream as unknown as Socket);
      for (const piece of dice.pieces(input)) stream.write(piece);
      stream.end();
      const [expected] = input.toString().split('\n');
      assert.equal(await line, expected);
    },
  }),
};

const STATUS = { phase: 'open' } as WorkerStatus;
const someRequest = objectWith({ op: fc.constantFrom('status', 'close', 'listen', 'use', '__proto__'), target: anyValue, drain: anyValue, socket: anyValue });

/** The worker's end: each line gets one line of JSON for an answer, whatever it asks. */
export const controlRequest: Decoder = {
  name: 'request on the control channel',
  seeds: LINES.slice(0, 3).map((line) => Buffer.from(line)),
  shaped: jsonOf(someRequest),
  mayThrow: [],
  share: 100,
  start: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-control-'));
    const path = join(folder, 'a.sock');
    const server = new ControlServer(path, {
      async answer(request) {
        if (request.op === 'use') assert.ok(request.target.host);
        return STATUS;
      },
      held: () => STATUS,
    });
    await server.listen();
    return {
      async decode(input) {
        const socket = connect(path);
        const pieces: Buffer[] = [];
        socket.on('data', (piece) => pieces.push(piece)).on('error', () => undefined);
        socket.write(input);
        if (!input.includes('\n')) socket.write('\n');
        await once(socket, 'close');
        const answer = Buffer.concat(pieces).toString();
        assert.ok(answer.endsWith('\n') && answer.indexOf('\n') === answer.length - 1, `the answer ${JSON.stringify(answer)}`);
        const { status, error } = JSON.parse(answer);
        assert.ok(typeof error === 'string' || status.phase === STATUS.phase);
      },
      async stop() {
        await server.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
