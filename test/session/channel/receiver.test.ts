import * as fc from 'fast-check';
import { Receiver } from '../../../src/session/channel/receiver';
import { type AgentMessage, MESSAGE_TYPES, PAYLOAD_TYPES } from '../../../src/session/wire/message';

function message(sequence: number, bytes = 1): AgentMessage {
  return { type: MESSAGE_TYPES.OUTPUT, createdAt: 1, sequence, flags: 0n, id: '', payloadType: PAYLOAD_TYPES.OUTPUT, payload: Buffer.alloc(bytes, sequence) };
}

function receiver(maxBytes?: number) {
  const delivered: number[] = [];
  const acknowledged: number[] = [];
  const it = new Receiver({
    deliver: ({ sequence }) => delivered.push(sequence),
    acknowledge: ({ sequence }) => acknowledged.push(sequence),
  }, maxBytes);
  return { delivered, acknowledged, receive: (sequence: number, bytes?: number) => it.receive(message(sequence, bytes)) };
}

/** The numbers from 0 on, each at least once, in any order. */
const arrivals = fc.integer({ min: 1, max: 60 }).chain((count) => fc.tuple(
  fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
  fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count)), { maxLength: 60 }),
)).map(([order, repeats]) => repeats.reduce((all, [sequence, at]) => [...all.slice(0, at), sequence, ...all.slice(at)], order));

test('delivers every message once and in order, whatever order they come in', () => {
  fc.assert(fc.property(arrivals, (sequences) => {
    const { receive, delivered } = receiver();
    sequences.forEach((sequence) => receive(sequence));
    expect(delivered).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  }));
});

test('acknowledges every message each time it comes', () => {
  fc.assert(fc.property(arrivals, (sequences) => {
    const { receive, acknowledged } = receiver();
    sequences.forEach((sequence) => receive(sequence));
    expect(acknowledged).toEqual(sequences);
  }));
});

test('acknowledges a message before it is delivered', () => {
  const said: string[] = [];
  const it = new Receiver({
    deliver: ({ sequence }) => said.push(`deliver ${sequence}`),
    acknowledge: ({ sequence }) => said.push(`acknowledge ${sequence}`),
  });
  [1, 0].forEach((sequence) => it.receive(message(sequence)));
  expect(said).toEqual(['acknowledge 1', 'acknowledge 0', 'deliver 0', 'deliver 1']);
});

test('has room for so many early bytes, and does not acknowledge what it cannot keep', () => {
  const { receive, delivered, acknowledged } = receiver(1000);
  receive(1, 600);
  receive(2, 600);
  expect(acknowledged).toEqual([1]);
  // The one in order needs no room, and gives some free.
  receive(0, 5000);
  receive(2, 600);
  expect(acknowledged).toEqual([1, 0, 2]);
  expect(delivered).toEqual([0, 1, 2]);
});

test('what comes early is kept as a copy: a view would keep all that came with it', () => {
  const delivered: AgentMessage[] = [];
  const it = new Receiver({ deliver: (early) => delivered.push(early), acknowledge: () => {} });
  const chunk = Buffer.alloc(64 * 1024, 1);
  it.receive({ ...message(1), payload: chunk.subarray(0, 3) });
  chunk.fill(2);
  it.receive(message(0));
  expect(delivered[1]!.payload).toEqual(Buffer.from([1, 1, 1]));
});

test('the room for early bytes is free again when they are delivered', () => {
  const { receive, delivered } = receiver(1000);
  for (let sequence = 0; sequence < 100; sequence += 2) {
    receive(sequence + 1, 900);
    receive(sequence, 900);
  }
  expect(delivered).toHaveLength(100);
});

test('neither keeps nor acknowledges a message from beyond any window', () => {
  const { receive, acknowledged } = receiver();
  receive(2 ** 40);
  expect(acknowledged).toEqual([]);
});
