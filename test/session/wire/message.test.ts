import * as fc from 'fast-check';
import { decodeMessage, encodeMessage, MalformedMessage, PAYLOAD_TYPES } from '../../../src/session/wire/message';

/** A frame of the official client, as its own parser validated it. */
const VECTOR = Buffer.from([
  '00000074', '696e7075745f73747265616d5f646174612020202020202020202020202020', '20', '00000001',
  '0000018bcfe56800', '0000000000000007', '0000000000000000', '8899aabbccddeeff0011223344556677',
  '30656bde983020b4a04d4fb8027463ad8cd15d89d4b953f961654b1d6579b9b9', '00000001', '00000008', '0100000003000000',
].join(''), 'hex');
const VECTOR_MESSAGE = {
  type: 'input_stream_data',
  createdAt: 1700000000000,
  sequence: 7,
  flags: 0n,
  id: '00112233-4455-6677-8899-aabbccddeeff',
  payloadType: PAYLOAD_TYPES.OUTPUT,
  payload: Buffer.from('0100000003000000', 'hex'),
};

const anyMessage = fc.record({
  type: fc.stringMatching(/^[a-z][a-z_]{0,31}$/),
  createdAt: fc.integer({ min: 1, max: 2 ** 45 }),
  sequence: fc.integer({ min: 0, max: 2 ** 40 }),
  flags: fc.bigInt({ min: 0n, max: 3n }),
  id: fc.uuid(),
  payloadType: fc.nat(),
  payload: fc.uint8Array({ maxLength: 4096 }).map((bytes) => Buffer.from(bytes)),
});

test('encodes the test vector', () => {
  expect(encodeMessage(VECTOR_MESSAGE).toString('hex')).toBe(VECTOR.toString('hex'));
});

test('decodes the test vector', () => {
  expect(decodeMessage(VECTOR)).toEqual(VECTOR_MESSAGE);
});

test('decodes what it encoded', () => {
  fc.assert(fc.property(anyMessage, (message) => {
    expect(decodeMessage(encodeMessage(message))).toEqual(message);
  }));
});

test('a message that is given no id has a random one of its own', () => {
  const ids = Array.from({ length: 2_000 }, () => decodeMessage(encodeMessage({ type: 'x', payload: Buffer.from('x') })).id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('strips NULs from a type, as the service pads it', () => {
  const frame = encodeMessage({ type: 'channel_closed', payload: Buffer.from('{}') });
  frame.fill(0, 4 + 'channel_closed'.length, 36);
  expect(decodeMessage(frame).type).toBe('channel_closed');
});

test('fails when a bit of the payload is flipped', () => {
  fc.assert(fc.property(anyMessage.filter((m) => m.payload.length > 0), fc.nat(), fc.integer({ min: 0, max: 7 }), (message, at, bit) => {
    const frame = encodeMessage(message);
    frame[120 + (at % message.payload.length)]! ^= 1 << bit;
    expect(() => decodeMessage(frame)).toThrow(MalformedMessage);
  }));
});

test('gives a message or MalformedMessage for any bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
    try {
      decodeMessage(Buffer.from(bytes));
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedMessage);
    }
  }), { numRuns: 2000 });
});
