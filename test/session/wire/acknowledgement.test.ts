import * as fc from 'fast-check';
import { decodeAcknowledgement, encodeAcknowledgement } from '../../../src/session/wire/acknowledgement';
import { decodeMessage, encodeMessage, MESSAGE_TYPES, PAYLOAD_TYPES, SYN_AND_FIN } from '../../../src/session/wire/message';

const ID = '00112233-4455-6677-8899-aabbccddeeff';

function saying(payload: string) {
  return decodeMessage(encodeMessage({ type: MESSAGE_TYPES.ACKNOWLEDGE, payload: Buffer.from(payload) }));
}

test('is what the official client says, key by key', () => {
  const ack = decodeMessage(encodeAcknowledgement({ type: MESSAGE_TYPES.OUTPUT, id: ID, sequence: 4406 }));
  expect(ack).toMatchObject({ type: MESSAGE_TYPES.ACKNOWLEDGE, sequence: 0, flags: SYN_AND_FIN, payloadType: PAYLOAD_TYPES.NONE });
  expect(ack.payload.toString()).toBe(
    `{"AcknowledgedMessageType":"output_stream_data","AcknowledgedMessageId":"${ID}","AcknowledgedMessageSequenceNumber":4406,"IsSequentialMessage":true}`,
  );
});

test('is read as it was written', () => {
  fc.assert(fc.property(fc.maxSafeNat(), (sequence) => {
    expect(decodeAcknowledgement(decodeMessage(encodeAcknowledgement({ type: MESSAGE_TYPES.INPUT, id: ID, sequence })))).toBe(sequence);
  }));
});

test.each([
  ['spaces', '{ "AcknowledgedMessageSequenceNumber" : 7 , "IsSequentialMessage" : true }', 7],
  ['another order', '{"IsSequentialMessage":true,"AcknowledgedMessageSequenceNumber":7}', 7],
  ['a number in another form', '{"AcknowledgedMessageSequenceNumber":7.0e1,"IsSequentialMessage":true}', 70],
  ['a key that is told of in a text', '{"Why":"\\"AcknowledgedMessageSequenceNumber\\":8,","AcknowledgedMessageSequenceNumber":7}', 7],
  ['a number below zero', '{"AcknowledgedMessageSequenceNumber":-1,"IsSequentialMessage":true}', -1],
  ['a fraction', '{"AcknowledgedMessageSequenceNumber":1.5,"IsSequentialMessage":true}', undefined],
  ['a number too great', '{"AcknowledgedMessageSequenceNumber":99999999999999999999,"IsSequentialMessage":true}', undefined],
  ['a text for a number', '{"AcknowledgedMessageSequenceNumber":"7","IsSequentialMessage":true}', undefined],
  ['no number', '{"AcknowledgedMessageSequenceNumber":', undefined],
  ['null', 'null', undefined],
  ['nothing', '', undefined],
  ['what is no JSON', 'acknowledged', undefined],
])('has its number read, or none: %s', (_, payload, sequence) => {
  expect(decodeAcknowledgement(saying(payload))).toBe(sequence);
});
