import * as fc from 'fast-check';
import { MAX_PAYLOAD, SmuxClient } from '../../../src/session/streams/smux-client';
import type { StreamHandlers } from '../../../src/session/streams/smux-stream';
import { COMMANDS, encodeFrame, type SmuxFrame, SmuxParser, SmuxProtocolError } from '../../../src/session/wire/smux';

function handlers(): StreamHandlers & { readonly heard: string[] } {
  const heard: string[] = [];
  return { heard, data: (data) => heard.push(data.toString()), finished: () => heard.push('finished'), drained: () => heard.push('drained') };
}

/** Takes all payloads there are, as copies: a payload is only good until the next. */
function payloads(client: SmuxClient): Buffer[] {
  const all: Buffer[] = [];
  for (let next = client.nextPayload(); next !== undefined; next = client.nextPayload()) all.push(Buffer.from(next));
  return all;
}

function frames(packets: readonly Buffer[]): SmuxFrame[] {
  const parser = new SmuxParser();
  return packets.flatMap((packet) => [...parser.push(packet)]);
}

test('streams have the ids of a client, opened in order', () => {
  const client = new SmuxClient(() => {});
  const ids = [1, 2, 3].map(() => client.open(handlers()).id);
  expect(ids).toEqual([3, 5, 7]);
  expect(frames(payloads(client)).map(({ command, streamId }) => [command, streamId])).toEqual(ids.map((id) => [COMMANDS.SYN, id]));
});

test('every byte of every stream goes out once and in order, in frames that never span packets', () => {
  const writes = fc.array(fc.tuple(fc.nat(4), fc.uint8Array({ minLength: 1, maxLength: 3_000 })), { minLength: 1, maxLength: 30 });
  fc.assert(fc.property(writes, fc.nat(5), (all, every) => {
    const client = new SmuxClient(() => {});
    const streams = [0, 1, 2, 3, 4].map(() => client.open(handlers()));
    const packets: Buffer[] = [];
    all.forEach(([index, bytes], n) => {
      streams[index]!.write(Buffer.from(bytes));
      if (n % (every + 1) === 0) packets.push(...payloads(client));
    });
    streams.forEach((stream) => stream.finish());
    packets.push(...payloads(client));

    expect(Math.max(...packets.map((packet) => packet.length))).toBeLessThanOrEqual(MAX_PAYLOAD);
    for (const packet of packets) expect(frames([packet]).reduce((sum, { data }) => sum + 8 + data.length, 0)).toBe(packet.length);
    streams.forEach((stream, index) => {
      const own = frames(packets).filter(({ streamId }) => streamId === stream.id);
      expect([own[0]!.command, own.at(-1)!.command]).toEqual([COMMANDS.SYN, COMMANDS.FIN]);
      const expected = Buffer.concat(all.filter(([at]) => at === index).map(([, bytes]) => Buffer.from(bytes)));
      expect(Buffer.concat(own.map(({ data }) => data)).equals(expected)).toBe(true);
    });
  }));
});

test('streams take turns: a little one waits for one packet of a big one at most', () => {
  const client = new SmuxClient(() => {});
  const [bulk, other, small] = [1, 2, 3].map(() => client.open(handlers()));
  payloads(client);
  bulk!.write(Buffer.alloc(50_000));
  client.nextPayload();
  other!.write(Buffer.alloc(50_000));
  small!.write(Buffer.from('select 1'));
  const next = [1, 2, 3].map(() => Buffer.from(client.nextPayload()!));
  expect(frames(next).findIndex(({ streamId }) => streamId === small!.id)).toBeLessThanOrEqual(2);
  const share = frames([...next, ...payloads(client).slice(0, 40)]).filter(({ streamId }) => streamId === bulk!.id).length;
  expect(share).toBeGreaterThan(15);
  expect(share).toBeLessThan(30);
});

test('what is small is packed together', () => {
  const client = new SmuxClient(() => {});
  const streams = [1, 2, 3, 4, 5].map(() => client.open(handlers()));
  streams.forEach((stream) => {
    stream.write(Buffer.from('select 1'));
    stream.finish();
  });
  expect(payloads(client)).toHaveLength(1);
});

test('a stream does not finish before it has said all, however little room a packet has left', () => {
  for (let before = 980; before <= 1016; before++) {
    const client = new SmuxClient(() => {});
    const first = client.open(handlers());
    payloads(client);
    first.write(Buffer.alloc(before));
    const second = client.open(handlers());
    second.write(Buffer.from('all'));
    second.finish();
    const said = frames(payloads(client)).filter(({ streamId }) => streamId === second.id);
    expect([...new Set(said.map(({ command }) => command))]).toEqual([COMMANDS.SYN, COMMANDS.PSH, COMMANDS.FIN]);
    expect(Buffer.concat(said.map(({ data }) => data)).toString()).toBe('all');
  }
});

test('says when to stop writing, and when to go on', () => {
  const client = new SmuxClient(() => {});
  const heard = handlers();
  const stream = client.open(heard);
  expect(stream.write(Buffer.alloc(10_000))).toBe(true);
  expect(stream.write(Buffer.alloc(64 * 1024))).toBe(false);
  client.nextPayload();
  expect(heard.heard).toEqual([]);
  payloads(client);
  expect(heard.heard).toEqual(['drained']);
});

test('a stream that the far side finishes gives back a FIN, drops what waits, and is forgotten', () => {
  const client = new SmuxClient(() => {});
  const heard = handlers();
  const stream = client.open(heard);
  payloads(client);
  stream.write(Buffer.alloc(5_000));
  client.receive(Buffer.concat([encodeFrame(COMMANDS.PSH, 3, Buffer.from('last words')), encodeFrame(COMMANDS.FIN, 3)]));
  expect(heard.heard).toEqual(['last words', 'finished']);
  expect(frames(payloads(client)).map(({ command }) => command)).toEqual([COMMANDS.FIN]);
  expect(client.openStreams).toBe(0);
  client.receive(encodeFrame(COMMANDS.PSH, 3, Buffer.from('too late')));
  stream.write(Buffer.from('too late'));
  expect(heard.heard).toHaveLength(2);
  expect(payloads(client)).toEqual([]);
});

test('an aborted stream goes without what waits, and stays known until the far side has finished too', () => {
  const client = new SmuxClient(() => {});
  const stream = client.open(handlers());
  stream.write(Buffer.alloc(5_000));
  stream.abort();
  expect(frames(payloads(client)).map(({ command }) => command)).toEqual([COMMANDS.SYN, COMMANDS.FIN]);
  expect(client.openStreams).toBe(1);
  client.receive(encodeFrame(COMMANDS.FIN, 3));
  expect(client.openStreams).toBe(0);
});

test('keepalives, and frames of streams that are not ours, say nothing', () => {
  const client = new SmuxClient(() => {});
  client.receive(Buffer.concat([encodeFrame(COMMANDS.NOP, 0), encodeFrame(COMMANDS.SYN, 2), encodeFrame(COMMANDS.PSH, 99, Buffer.from('x')), encodeFrame(COMMANDS.FIN, 99)]));
  expect(payloads(client)).toEqual([]);
});

test('fails when the bytes are no smux', () => {
  expect(() => new SmuxClient(() => {}).receive(Buffer.from('HTTP/1.1 400 Bad Request'))).toThrow(SmuxProtocolError);
});
