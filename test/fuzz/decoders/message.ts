import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { decodeAcknowledgement, encodeAcknowledgement } from '../../../src/session/wire/acknowledgement';
import { type AgentMessage, decodeMessage, encodeMessage, MESSAGE_TYPES, PAYLOAD_TYPES } from '../../../src/session/wire/message';
import { readTranscript } from '../../fixtures/transcripts/transcript';
import { throwsBriefly } from '../claims';
import type { Decoder } from '../decoder';
import { anyValue, jsonOf, objectWith } from '../json';

const [HEADER_LENGTH, PAYLOAD_OFFSET, DIGEST_OFFSET] = [116, 120, 80];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A message is kept whole while it waits for those before it. More than this beside its payload would be memory that nobody counts. */
const MOST_OVERHEAD = 1024 + 4;

const someMessage = fc.record({
  id: fc.uuid(),
  type: fc.oneof(fc.constantFrom(...Object.values(MESSAGE_TYPES)), fc.constantFrom('__proto__', 'constructor', 'toString'), fc.string({ unit: 'binary-ascii', maxLength: 32 })),
  createdAt: fc.oneof(fc.constant(1), fc.maxSafeInteger()),
  sequence: fc.oneof(fc.nat(10), fc.maxSafeInteger()),
  flags: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  payloadType: fc.oneof(fc.constantFrom(...Object.values(PAYLOAD_TYPES)), fc.nat()),
  payload: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
});

/** Like some message, with a header that is longer than the one of today. */
const longHeaded = fc.tuple(someMessage, fc.oneof(fc.nat(100), fc.nat(100_000))).map(([message, more]) => {
  const frame = encodeMessage(message);
  const longer = Buffer.concat([frame.subarray(0, HEADER_LENGTH), Buffer.alloc(more), frame.subarray(HEADER_LENGTH)]);
  longer.writeUInt32BE(HEADER_LENGTH + more);
  return redigest(longer);
});

/** Puts the digest right, wherever the header says that the payload is. */
export function redigest(mutant: Buffer): Buffer {
  if (mutant.length < PAYLOAD_OFFSET) return mutant;
  const frame = Buffer.from(mutant);
  createHash('sha256').update(frame.subarray(frame.readUInt32BE(0) + 4)).digest().copy(frame, DIGEST_OFFSET);
  return frame;
}

/** Frames of every kind, as they were recorded between the official client and agent. */
export const RECORDED = (['echo', 'refused', 'psql-select', 'half-close'] as const).flatMap((name) => readTranscript(name)).flatMap(({ frame }) => frame ?? []);

export const agentMessage: Decoder = {
  name: 'agent message',
  seeds: RECORDED,
  shaped: fc.oneof({ weight: 5, arbitrary: someMessage.map((message) => encodeMessage(message)) }, { weight: 1, arbitrary: longHeaded }),
  mend: redigest,
  mayThrow: ['MalformedMessage'],
  share: 2_000,
  start: () => ({
    decode(input) {
      const message = throwsBriefly(() => decodeMessage(input));
      const { payload, sequence, createdAt } = message;
      const overhead = input.length - payload.length;
      assert.ok(overhead >= PAYLOAD_OFFSET && overhead <= MOST_OVERHEAD, `a payload of ${payload.length} bytes in a frame of ${input.length}`);
      assert.ok(input.subarray(overhead).equals(payload));
      assert.match(message.id, UUID);
      assert.ok(Number.isInteger(sequence) && Number.isInteger(createdAt));
      if (input.readUInt32BE(0) === HEADER_LENGTH && Number.isSafeInteger(sequence) && Number.isSafeInteger(createdAt)) comesOutAgain(message);
    },
  }),
};

function comesOutAgain(message: AgentMessage): void {
  assert.deepEqual(decodeMessage(encodeMessage(message)), message);
}

const someAcknowledgement = objectWith({
  AcknowledgedMessageType: fc.constantFrom(MESSAGE_TYPES.OUTPUT, MESSAGE_TYPES.INPUT),
  AcknowledgedMessageId: fc.uuid(),
  AcknowledgedMessageSequenceNumber: fc.oneof(fc.nat(), fc.maxSafeInteger(), fc.double()),
  IsSequentialMessage: fc.boolean(),
});

export const acknowledgement: Decoder = {
  name: 'acknowledgement',
  seeds: [0, 7, 4_000_000_000].map((sequence) => decodeMessage(encodeAcknowledgement({ type: MESSAGE_TYPES.OUTPUT, id: 'b1c84d5c-0f8e-4b6a-9f43-77a3a5a5b2f1', sequence })).payload),
  shaped: jsonOf(fc.oneof(someAcknowledgement, anyValue)),
  mayThrow: [],
  share: 1_000,
  start: () => ({
    decode(payload) {
      const sequence = decodeAcknowledgement({ ...AN_ACKNOWLEDGEMENT, payload });
      assert.ok(sequence === undefined || Number.isSafeInteger(sequence), `the sequence number ${String(sequence)}`);
    },
  }),
};

const AN_ACKNOWLEDGEMENT = decodeMessage(encodeMessage({ type: MESSAGE_TYPES.ACKNOWLEDGE, payload: Buffer.alloc(0) }));
