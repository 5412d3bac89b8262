import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { MAX_PAYLOAD, SmuxClient } from '../../../src/session/streams/smux-client';
import { COMMANDS, encodeFrame, SMUX_HEADER_LENGTH, type SmuxFrame, SmuxParser } from '../../../src/session/wire/smux';
import type { Decoder } from '../decoder';

const STREAMS = [3, 5, 7];

const frames = (...all: [command: number, id: number, data?: string][]): Buffer =>
  Buffer.concat(all.map(([command, id, data = '']) => encodeFrame(command as SmuxFrame['command'], id, Buffer.from(data))));

const { FIN, PSH, NOP } = COMMANDS;
const SEEDS = [
  frames([PSH, 3, 'hello'], [PSH, 5, 'x'], [FIN, 3]),
  frames([NOP, 0], [PSH, 7, 'a'.repeat(3_000)], [FIN, 7], [PSH, 7, 'too late']),
  frames([PSH, 3, ''], [PSH, 9, 'nobody'], [FIN, 5], [FIN, 5]),
];

const someFrame = fc.record({
  version: fc.oneof({ weight: 20, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.nat(255) }),
  command: fc.oneof({ weight: 20, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(255) }),
  id: fc.oneof(fc.constantFrom(...STREAMS), fc.nat(2 ** 31 - 1)),
  data: fc.uint8Array({ maxLength: 60 }),
  lie: fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(65_535) }),
}).map(({ version, command, id, data, lie }) => {
  const payload = command === PSH ? Buffer.from(data) : Buffer.alloc(0);
  const frame = Buffer.alloc(SMUX_HEADER_LENGTH + payload.length);
  frame.writeUInt8(version, 0);
  frame.writeUInt8(command, 1);
  frame.writeUInt16LE(lie || payload.length, 2);
  frame.writeUInt32LE(id, 4);
  payload.copy(frame, SMUX_HEADER_LENGTH);
  return frame;
});
const someFrames = fc.array(someFrame, { maxLength: 12 }).map((all) => Buffer.concat(all));

export const smuxParser: Decoder = {
  name: 'smux parser',
  seeds: SEEDS,
  shaped: someFrames,
  mayThrow: ['SmuxProtocolError'],
  share: 1_500,
  start: () => ({
    decode(input, dice) {
      const parser = new SmuxParser();
      const out: Buffer[] = [];
      let isWhole = false;
      try {
        for (const piece of dice.pieces(input)) {
          for (const { command, streamId, data } of parser.push(piece)) out.push(encodeFrame(command, streamId, Buffer.from(data)));
        }
        isWhole = true;
      } finally {
        isStartOf(input, Buffer.concat(out), isWhole);
      }
    },
  }),
};

/** What came out is what went in, up to the first frame that is not complete, or no frame. */
function isStartOf(input: Buffer, out: Buffer, isWhole: boolean): void {
  assert.ok(input.subarray(0, out.length).equals(out));
  const rest = input.subarray(out.length);
  if (isWhole && rest.length >= SMUX_HEADER_LENGTH) assert.ok(rest.length < SMUX_HEADER_LENGTH + rest.readUInt16LE(2), 'a whole frame is kept back');
}

export const smuxClient: Decoder = {
  name: 'smux client',
  seeds: SEEDS,
  shaped: someFrames,
  mayThrow: ['SmuxProtocolError'],
  share: 1_000,
  start: () => ({
    decode(input, dice) {
      const client = new SmuxClient(() => undefined);
      const heard = STREAMS.map((id) => listen(client, id));
      try {
        for (const piece of dice.pieces(input)) client.receive(piece);
      } finally {
        const expected = tell(input);
        for (const { id, data, ends } of heard) {
          assert.deepEqual(Buffer.concat(data), expected.get(id) ?? Buffer.alloc(0), `stream ${id} did not get what was for it`);
          assert.ok(ends() <= 1, `stream ${id} ended ${ends()} times`);
        }
        assert.ok(client.openStreams <= STREAMS.length);
        drain(client);
      }
    },
  }),
};

function listen(client: SmuxClient, id: number): { id: number; data: Buffer[]; ends: () => number } {
  const data: Buffer[] = [];
  let ends = 0;
  const stream = client.open({
    data: (bytes) => {
      assert.equal(ends, 0, 'data after the end');
      data.push(Buffer.from(bytes));
    },
    finished: () => { ends += 1; },
    drained: () => undefined,
  });
  assert.equal(stream.id, id);
  stream.write(Buffer.from('question'));
  return { id, data, ends: () => ends };
}

/** What each stream should hear, told by a reader that is as simple as can be. */
function tell(input: Buffer): Map<number, Buffer> {
  const told = new Map<number, Buffer>();
  const over = new Set<number>();
  for (let at = 0; at + SMUX_HEADER_LENGTH <= input.length;) {
    const [version, command, length, id] = [input[at]!, input[at + 1]!, input.readUInt16LE(at + 2), input.readUInt32LE(at + 4)];
    const end = at + SMUX_HEADER_LENGTH + length;
    if (version !== 1 || command > NOP || (command !== PSH && length > 0) || end > input.length) break;
    const data = input.subarray(at + SMUX_HEADER_LENGTH, end);
    if (command === PSH && !over.has(id)) told.set(id, Buffer.concat([told.get(id) ?? Buffer.alloc(0), data]));
    if (command === FIN) over.add(id);
    at = end;
  }
  return told;
}

/** All that the client has to say, which fits into packets and comes to an end. */
function drain(client: SmuxClient): void {
  let packets = 0;
  for (let next = client.nextPayload(); next !== undefined; next = client.nextPayload()) {
    assert.ok(next.length > 0 && next.length <= MAX_PAYLOAD);
    assert.ok(++packets < 100, `still talking after ${packets} packets`);
  }
}
