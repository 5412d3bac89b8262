import { MESSAGE_TYPES, PAYLOAD_TYPES, type AgentMessage } from '../../../src/session/wire/message';
import { readTranscript, TRANSCRIPTS, type TranscriptEvent } from '../../fixtures/transcripts/transcript';
import { Lab } from '../gateway/testing/lab';
import type { RawClient } from '../gateway/testing/raw-client';
import { agentHalf, heardBefore, messagesOf, playTarget, recordedAcknowledgements, streamScripts } from './replay';

/*
 * The official client's frames, word for word but for the token, against our agent. Tolerated are, and only:
 * - how the bytes of a direction are cut into messages and smux frames, and with it how many messages there are;
 * - how acknowledgements, data, and the streams among each other interleave;
 * - ids, dates, and HandshakeTimeToComplete;
 * - that the service's channel_closed is heard: we stay to hear it, the official client hangs up before.
 */
interface Replay {
  readonly sessionId: string;
  readonly client: RawClient;
  readonly targets: (() => Buffer)[];
}

/** On a busy machine an acknowledgement may be late. Where the real agent repeated nothing, ours must not for that. */
const PATIENT = { initialTimeout: 60_000, minimumVariation: 60_000, maximumTimeout: 60_000 };

let lab: Lab;

afterEach(async () => lab?.close());

async function replay(events: readonly TranscriptEvent[]): Promise<Replay> {
  const scripts = streamScripts(events);
  const targets: (() => Buffer)[] = [];
  const refused = messagesOf(events, 'agent').some((message) => message.payloadType === PAYLOAD_TYPES.FLAG);
  const { repeated } = agentHalf(messagesOf(events, 'agent'));
  lab = await Lab.start({
    target: refused ? undefined : (socket) => targets.push(playTarget(socket, scripts[targets.length]!)),
    // A replayed client does not send again what an agent that is not ready has refused.
    timing: { notReady: 0, ...(repeated.length === 0 && PATIENT) },
  });
  lab.gateway.faults.delay = 2;
  lab.gateway.faults.whileAway = 'queued';
  const request = messagesOf(events, 'agent').find((message) => message.payloadType === PAYLOAD_TYPES.HANDSHAKE_REQUEST)!;
  const properties = JSON.parse(request.payload.toString()).RequestedClientActions[0].ActionParameters.Properties;
  const sessionId = lab.open({ properties });
  const client = lab.newClient();
  client.answer = recordedAcknowledgements(events);

  const said = events.filter((event) => event.from === 'client' && event.message?.type !== MESSAGE_TYPES.ACKNOWLEDGE);
  for (const event of said) {
    if (!event.text) await client.untilTrue(() => hasHeard(client, heardBefore(events, event)));
    if (event.text) {
      lab.gateway.reissue(sessionId, JSON.parse(event.text).TokenValue);
      await client.connect(lab.url(sessionId), '', { first: event.text });
    } else if (event.frame) {
      client.sendRaw(event.frame);
    } else if (event !== said.at(-1)) {
      lab.gateway.cut('bye', sessionId);
    }
  }
  return { sessionId, client, targets };
}

/** Whether at least as much has been said to the client: the same acknowledgements and flags, and as many bytes. */
function hasHeard(client: RawClient, before: readonly AgentMessage[]): boolean {
  const measure = (messages: readonly AgentMessage[]): number[] => {
    const data = [...new Map(messages.filter((one) => one.type === MESSAGE_TYPES.OUTPUT).map((one) => [one.sequence, one])).values()];
    const bytes = data.filter((one) => one.payloadType === PAYLOAD_TYPES.OUTPUT).reduce((sum, one) => sum + one.payload.length, 0);
    return [messages.filter((one) => one.type === MESSAGE_TYPES.ACKNOWLEDGE).length, data.filter((one) => one.payloadType !== 1).length, bytes];
  };
  const needed = measure(before);
  return measure(client.heard).every((had, at) => had >= needed[at]!);
}

test.each(TRANSCRIPTS.filter((name) => name !== 'sigterm-no-flag'))('the official client hears of our agent what it heard of the real one: %s', async (name) => {
  const events = readTranscript(name);
  const { client, targets } = await replay(events);
  await client.until((message) => message.type === MESSAGE_TYPES.CHANNEL_CLOSED);
  expect(agentHalf(client.heard)).toEqual(agentHalf(messagesOf(events, 'agent')));
  if (name !== 'refused') expect(targets.map((target) => target().toString('hex'))).toEqual(streamScripts(events).map((script) => script.toTarget.toString('hex')));
});

test('a client that is ended by SIGTERM says nothing, and its session stays open', async () => {
  const events = readTranscript('sigterm-no-flag');
  const { client, sessionId } = await replay(events);
  expect(agentHalf(client.heard)).toEqual(agentHalf(messagesOf(events, 'agent')));
  client.close();
  await client.closing();
  expect(lab.gateway.isOpen(sessionId)).toBe(true);
});

test('fails when a byte, a flag or an acknowledgement differs', () => {
  const real = messagesOf(readTranscript('echo'), 'agent');
  const changed = (at: number, change: Partial<AgentMessage>): AgentMessage[] => {
    return real.map((message, i) => (i === at ? { ...message, ...change } : message));
  };
  const dataAt = real.findIndex((message) => message.sequence === 2);
  const flipped = Buffer.from(real[dataAt]!.payload);
  flipped[flipped.length - 1]! ^= 1;
  const firstAt = real.findIndex((message) => message.payloadType === PAYLOAD_TYPES.HANDSHAKE_REQUEST);
  const ackAt = real.findIndex((message) => message.type === MESSAGE_TYPES.ACKNOWLEDGE);
  for (const half of [changed(dataAt, { payload: flipped }), changed(firstAt, { flags: 0n }), real.filter((_, i) => i !== ackAt)]) {
    expect(agentHalf(half)).not.toEqual(agentHalf(real));
  }
});
