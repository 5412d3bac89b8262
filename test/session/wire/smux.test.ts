import * as fc from 'fast-check';
import { COMMANDS, encodeFrame, type SmuxFrame, SmuxParser, SmuxProtocolError } from '../../../src/session/wire/smux';

const anyFrame: fc.Arbitrary<SmuxFrame> = fc.oneof(
  fc.record({
    command: fc.constantFrom(COMMANDS.SYN, COMMANDS.FIN, COMMANDS.NOP), streamId: fc.nat(), data: fc.constant(Buffer.alloc(0)),
  }),
  fc.record({
    command: fc.constant(COMMANDS.PSH), streamId: fc.nat(), data: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
  }),
);

test('a frame is little-endian behind its version and command', () => {
  expect(encodeFrame(COMMANDS.PSH, 3, Buffer.from('hi')).toString('hex')).toBe(['01', '02', '0200', '03000000', '6869'].join(''));
});

test('frames survive being cut anywhere', () => {
  fc.assert(fc.property(fc.array(anyFrame, { maxLength: 20 }), fc.integer({ min: 1, max: 2048 }), (frames, cut) => {
    const bytes = Buffer.concat(frames.map((frame) => encodeFrame(frame.command, frame.streamId, frame.data)));
    const parser = new SmuxParser();
    const got: SmuxFrame[] = [];
    for (let at = 0; at < bytes.length; at += cut) got.push(...parser.push(bytes.subarray(at, at + cut)));
    expect(got).toEqual(frames);
  }));
});

test.each([
  ['version 2', '0202000003000000'],
  ['command UPD of version 2', '0104000003000000'],
  ['SYN with data', '0100010003000000'],
])('fails when it gets %s', (_, hex) => {
  expect(() => [...new SmuxParser().push(Buffer.from(hex, 'hex'))]).toThrow(SmuxProtocolError);
});
