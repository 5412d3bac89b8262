import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { openSession, type Session } from '../../src/session';
import { decodeAcknowledgement } from '../../src/session/wire/acknowledgement';
import { type AgentMessage, FLAGS, MESSAGE_TYPES, PAYLOAD_TYPES, SYN_AND_FIN } from '../../src/session/wire/message';
import { COMMANDS } from '../../src/session/wire/smux';
import { readTranscript, TRANSCRIPTS, type TranscriptEvent } from '../fixtures/transcripts/transcript';
import { ActReader, ReplayedAgent, type StreamAct } from './replayed-agent';
import { SILENT_LOG } from './session-lab';

/*
 * The real agent's frames, word for word, against our client, in step with what it sends. Tolerated are, and only:
 * - how bytes are cut into messages, and with it how many messages there are;
 * - ids, dates, tokens, and the version we call ourselves;
 * - the order in which acknowledgements come between data;
 * - that we mend what the official client gets wrong: the last byte of newline-1017, the missing flag of sigterm-no-flag,
 *   and repeated messages that are not acknowledged again.
 * The FIN of a half-closed connection, which we keep back by default, is sent at once here, as the official client does.
 */
function half(events: readonly TranscriptEvent[], from: 'client' | 'agent'): AgentMessage[] {
  return events.filter((event) => event.from === from && event.message).map((event) => event.message!);
}

function actsOf(messages: readonly AgentMessage[]): readonly StreamAct[] {
  const reader = new ActReader();
  for (const message of messages) if (message.type !== MESSAGE_TYPES.ACKNOWLEDGE) reader.take(message);
  return reader.acts;
}

/** What the local program wrote: the official client's word but for the byte that it is known to spoil. */
function mended(name: string, acts: readonly StreamAct[]): StreamAct[] {
  return acts.map((act) => (name === 'newline-1017' && act.bytes.length > 2000 ? { ...act, bytes: act.bytes.replace(/0d$/, '0a') } : act));
}

/** Local connections, each known by the id of the stream that it gets. */
class LocalSide {
  readonly received = new Map<number, string>();
  private readonly sockets = new Map<number, Socket>();
  private readonly server = createServer({ allowHalfOpen: true });

  async open(streamId: number, session: Session): Promise<void> {
    if (!this.server.listening) await once(this.server.listen(0, '127.0.0.1'), 'listening');
    const socket = connect((this.server.address() as AddressInfo).port, '127.0.0.1');
    const [forwarded] = await once(this.server, 'connection') as [Socket];
    session.forward(forwarded);
    this.sockets.set(streamId, socket);
    this.received.set(streamId, '');
    socket.on('data', (data) => this.received.set(streamId, this.received.get(streamId)! + data.toString('hex')));
    socket.on('error', () => undefined);
  }

  do({ command, streamId, bytes }: StreamAct): void {
    if (command === COMMANDS.PSH) this.sockets.get(streamId)!.write(Buffer.from(bytes, 'hex'));
    else this.sockets.get(streamId)!.end();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets.values()) socket.destroy();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }
}

async function replay(name: (typeof TRANSCRIPTS)[number]) {
  const events = readTranscript(name);
  const agent = await ReplayedAgent.start();
  const local = new LocalSide();
  const path = events.find((event) => event.from === 'client' && event.open)!.open!;
  const opening = openSession({ gateway: agent.gateway(path), log: SILENT_LOG, allowInsecureLoopback: true, halfCloseTimeout: 0 });
  const said: AgentMessage[] = [];
  const done: StreamAct[] = [];
  const theirs = actsOf(half(events, 'client'));
  const ours = mended(name, theirs);
  const reader = new ActReader();
  const isAcknowledged = () => said.every((message) => agent.acknowledged.includes(message.sequence));

  for (const { from, open, message, closed } of events) {
    if (from === 'client' && open) await agent.until(() => agent.tokenFrames.length > (said.length > 0 ? 1 : 0));
    if (from === 'agent' && message?.type === MESSAGE_TYPES.OUTPUT) {
      agent.say(events.find((event) => event.message === message)!.frame!);
      said.push(message);
    }
    if (from === 'client' && message?.type === MESSAGE_TYPES.INPUT) {
      if (message.payloadType === PAYLOAD_TYPES.HANDSHAKE_RESPONSE) await agent.until(() => agent.data.length > 0);
      if (message.payloadType === PAYLOAD_TYPES.FLAG) break;
      reader.take(message);
      // An act of many messages is done when its last one is at hand.
      for (const act of ours.slice(done.length, reader.acts.length)) {
        const isWhole = reader.acts[done.length]!.bytes.length === act.bytes.length;
        if (!isWhole) break;
        const session = await opening;
        if (act.command === COMMANDS.SYN) await local.open(act.streamId, session);
        else local.do(act);
        done.push(act);
        await agent.until(() => agent.acts.length >= done.length && agent.acts[done.length - 1]!.bytes.length >= act.bytes.length);
      }
    }
    if (from === 'client' && closed && message === undefined && events.some((event) => event.open && event.ms > 100)) {
      await agent.until(isAcknowledged);
      if (agent.tokenFrames.length === 1) agent.cut();
    }
  }
  await agent.until(isAcknowledged);
  const session = await opening;
  await session.close();
  await local.close();
  await agent.close();
  return { events, agent, local, expected: ours };
}

test.each(TRANSCRIPTS)('says to the real agent what the official client said: %s', async (name) => {
  const { events, agent, local, expected } = await replay(name);
  const client = half(events, 'client');
  const officialData = client.filter((message) => message.type === MESSAGE_TYPES.INPUT);

  expect(agent.acts).toEqual(expected);
  expect(agent.data.map((message) => message.sequence)).toEqual(agent.data.map((_, index) => index));
  expect(new Set(agent.data.map((message) => `${message.type} ${message.flags}`))).toEqual(new Set(['input_stream_data 0']));

  const [response, ...rest] = agent.data;
  const version = { ClientVersion: expect.stringMatching(/^\d+(\.\d+){3}$/) };
  expect(response!.payloadType).toBe(PAYLOAD_TYPES.HANDSHAKE_RESPONSE);
  expect(JSON.parse(response!.payload.toString())).toEqual({ ...JSON.parse(officialData[0]!.payload.toString()), ...version });
  expect(rest.at(-1)!.payloadType).toBe(PAYLOAD_TYPES.FLAG);
  expect(rest.at(-1)!.payload.readUInt32BE(0)).toBe(FLAGS.TERMINATE_SESSION);
  expect(rest.slice(0, -1).every((message) => message.payloadType === PAYLOAD_TYPES.OUTPUT && message.payload.length <= 1024)).toBe(true);

  // Some acknowledgements of the official client's were lost with its connection; ours come again.
  const officialAcks = new Map(client.filter(({ type }) => type === MESSAGE_TYPES.ACKNOWLEDGE).map((ack) => [decodeAcknowledgement(ack)!, ack]));
  const agentData = half(events, 'agent').filter((message) => message.type === MESSAGE_TYPES.OUTPUT);
  expect(new Set(agent.acknowledged)).toEqual(new Set(agentData.map((message) => message.sequence)));
  for (const ack of agent.acknowledgements) {
    expect(ack).toMatchObject({ sequence: 0, flags: SYN_AND_FIN, payloadType: PAYLOAD_TYPES.NONE });
    const official = officialAcks.get(decodeAcknowledgement(ack)!);
    if (official !== undefined) expect(ack.payload.toString()).toBe(official.payload.toString());
  }

  const opened = events.filter((event) => event.from === 'client' && event.open);
  expect(agent.paths).toEqual(opened.map((event) => event.open));
  for (const [index, { text }] of opened.entries()) {
    const [ourToken, theirToken] = [JSON.parse(agent.tokenFrames[index]!), JSON.parse(text!)];
    expect(Object.keys(ourToken)).toEqual(Object.keys(theirToken));
    expect(ourToken).toMatchObject({ MessageSchemaVersion: '1.0', TokenValue: index === 0 ? 'first' : 'second', ...version });
  }

  const heard = actsOf(agentData);
  for (const [streamId, bytes] of local.received) {
    expect(bytes).toBe(heard.filter((act) => act.streamId === streamId).map((act) => act.bytes).join(''));
  }
});
