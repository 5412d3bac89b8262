import * as fc from 'fast-check';
import { Problem } from '../../../src/problem';
import { answerHandshake, readHandshakeComplete } from '../../../src/session/wire/handshake';
import { MalformedMessage, PAYLOAD_TYPES } from '../../../src/session/wire/message';
import { readTranscript } from '../../fixtures/transcripts/transcript';

const PORT_SESSION = { ActionType: 'SessionType', ActionParameters: { SessionType: 'Port', Properties: {} } };

function request(changes: object = {}): Buffer {
  return Buffer.from(JSON.stringify({ AgentVersion: '3.3.987.0', RequestedClientActions: [PORT_SESSION], ...changes }));
}

test('answers the real agent as the official client does, but for the version', () => {
  const messages = readTranscript('echo').flatMap((event) => event.message ?? []);
  const payloadOf = (type: number) => messages.find((message) => message.payloadType === type)!.payload;
  const answer = answerHandshake(payloadOf(PAYLOAD_TYPES.HANDSHAKE_REQUEST));
  expect(answer).toMatchObject({ agentVersion: '3.3.987.0', refusal: undefined });
  expect(answer.response.toString().replace(/"1\.2\.\d+\.0"/, '"1.2.677.0"')).toBe(payloadOf(PAYLOAD_TYPES.HANDSHAKE_RESPONSE).toString());
  expect(readHandshakeComplete(payloadOf(PAYLOAD_TYPES.HANDSHAKE_COMPLETE))).toEqual({ customerMessage: undefined });
});

test('says a version for which agents sign and leave their keepalive off', () => {
  const version = JSON.parse(answerHandshake(request()).response.toString()).ClientVersion.split('.').map(Number);
  expect(version).toHaveLength(4);
  expect(version[2]).toBeGreaterThanOrEqual(764);
});

test.each(['3.0.196.0', '3.0.0.0', '2.3.722.0', '2.99.999.9', '3.1.1.0-beta', '3.1.1', ''])('fails when the agent is too old, or has no true version: %j', (version) => {
  expect(answerHandshake(request({ AgentVersion: version })).refusal!.message).toContain('too old');
});

test.each(['3.0.196.1', '3.0.197.0', '3.1.0.0', '4.0.0.0'])('takes an agent of version %s', (version) => {
  expect(answerHandshake(request({ AgentVersion: version })).refusal).toBeUndefined();
});

test.each([
  ['encryption', { ActionType: 'KMSEncryption', ActionParameters: { KMSKeyId: 'k' } }, /KMS/],
  ['what we do not know', { ActionType: 'Dance' }, /Dance/],
  ['a shell', { ActionType: 'SessionType', ActionParameters: { SessionType: 'Standard_Stream' } }, /Standard_Stream/],
  ['nothing at all', null, /does not know/],
])('fails when the agent asks for %s, and answers that it is not supported', (_, action, message) => {
  const { response, refusal } = answerHandshake(request({ RequestedClientActions: [PORT_SESSION, action] }));
  expect(refusal).toBeInstanceOf(Problem);
  expect(refusal!.message).toMatch(message);
  expect(JSON.parse(response.toString()).ProcessedClientActions.map(({ ActionStatus }: { ActionStatus: number }) => ActionStatus)).toEqual([1, 3]);
});

test('passes a message for everyone on, fit for a terminal', () => {
  const payload = Buffer.from(JSON.stringify({ HandshakeTimeToComplete: 1, CustomerMessage: 'Hello\u001b[2J\nthere\u202e' }));
  expect(readHandshakeComplete(payload).customerMessage).toBe('Hello [2J there');
});

test('gives an answer or MalformedMessage for any JSON and for what is none', () => {
  const requests = fc.record({ AgentVersion: fc.jsonValue(), RequestedClientActions: fc.jsonValue() }).map((value) => JSON.stringify(value));
  const bytes = fc.oneof(fc.json(), fc.string(), requests);
  fc.assert(fc.property(bytes, (text) => {
    try {
      expect(answerHandshake(Buffer.from(text)).response.length).toBeGreaterThan(0);
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedMessage);
    }
  }), { numRuns: 2_000 });
});
