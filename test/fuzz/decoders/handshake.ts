import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { Problem } from '../../../src/problem';
import { answerHandshake, readHandshakeComplete } from '../../../src/session/wire/handshake';
import { isFitForALog, throwsBriefly } from '../claims';
import type { Decoder } from '../decoder';
import { anyValue, jsonOf, objectWith } from '../json';

/** An answer waits until it is acknowledged: it must not grow with what was asked. */
const LONGEST_ANSWER = 64 * 1024;

const request = (ActionType: string, ActionParameters: object, AgentVersion = '3.3.987.0') =>
  Buffer.from(JSON.stringify({ AgentVersion, RequestedClientActions: [{ ActionType, ActionParameters }] }));

const someAction = objectWith({
  ActionType: fc.constantFrom('SessionType', 'KMSEncryption', 'Whatever', '__proto__'),
  ActionParameters: objectWith({ SessionType: fc.constantFrom('Port', 'Standard_Stream'), Properties: anyValue }),
});
const someRequest = objectWith({
  AgentVersion: fc.oneof(fc.constantFrom('3.3.987.0', '3.0.196.0', '2.3.0.0', '9'.repeat(400)), fc.array(fc.nat(9_999), { maxLength: 6 }).map((parts) => parts.join('.'))),
  RequestedClientActions: fc.array(fc.oneof({ weight: 5, arbitrary: someAction }, { weight: 1, arbitrary: anyValue }), { maxLength: 4 }),
});

export const handshakeRequest: Decoder = {
  name: 'handshake request',
  seeds: [
    request('SessionType', { SessionType: 'Port', Properties: { host: 'db.internal', portNumber: '5432', localPortNumber: '15432', type: 'LocalPortForwarding' } }),
    request('KMSEncryption', { KMSKeyId: 'arn:aws:kms:us-east-1:123456789012:key/x', Challenge: 'x' }),
    request('SessionType', { SessionType: 'Port' }, '3.0.196.0'),
    Buffer.from(`{"AgentVersion":"3.3.987.0","RequestedClientActions":[${'0,'.repeat(20_000)}0]}`),
  ],
  shaped: jsonOf(fc.oneof({ weight: 4, arbitrary: someRequest }, { weight: 1, arbitrary: anyValue })),
  mayThrow: ['MalformedMessage'],
  share: 500,
  start: () => ({
    decode(input) {
      const { agentVersion, response, refusal } = throwsBriefly(() => answerHandshake(input));
      isFitForALog(agentVersion);
      assert.ok(response.length <= LONGEST_ANSWER, `an answer of ${response.length} bytes`);
      assert.ok(Array.isArray(JSON.parse(response.toString()).ProcessedClientActions));
      if (refusal === undefined) return;
      assert.ok(Problem.is(refusal));
      isFitForALog(refusal.message, 1_000);
    },
  }),
};

const completion = (value: object) => Buffer.from(JSON.stringify(value));

export const handshakeComplete: Decoder = {
  name: 'handshake complete',
  seeds: [completion({ HandshakeTimeToComplete: 49_000_000, CustomerMessage: '' }), completion({ HandshakeTimeToComplete: 1, CustomerMessage: 'Mind the \u001b[31mrules\n' })],
  shaped: jsonOf(fc.oneof(objectWith({ HandshakeTimeToComplete: fc.nat(), CustomerMessage: fc.string({ unit: 'binary' }) }), anyValue)),
  mayThrow: ['MalformedMessage'],
  share: 500,
  start: () => ({
    decode(input) {
      const { customerMessage } = throwsBriefly(() => readHandshakeComplete(input));
      if (customerMessage !== undefined) isFitForALog(customerMessage);
    },
  }),
};
