import type { Socket } from 'node:net';
import { decodeAcknowledgement, encodeAcknowledgement } from '../../../src/session/wire/acknowledgement';
import { type AgentMessage, MESSAGE_TYPES, PAYLOAD_TYPES } from '../../../src/session/wire/message';
import { COMMANDS, type SmuxFrame, SmuxParser } from '../../../src/session/wire/smux';
import type { TranscriptEvent } from '../../fixtures/transcripts/transcript';

/** A frame that reached the recording gateway took so long from one side to the other and back. */
const ROUND_TRIP = 4;

/** What one stream carried, and when its target spoke. */
export interface StreamScript {
  readonly id: number;
  readonly toTarget: Buffer;
  /** What the target says, or that it ends, once it has read so many bytes. */
  readonly steps: readonly { readonly after: number; readonly say?: Buffer }[];
}

/** What an agent said, without all that differs from run to run. */
export interface AgentHalf {
  readonly handshakeRequest: string;
  readonly handshakeComplete: object;
  /** Of each data message in order: its flags. Its place is its sequence number. */
  readonly firstFlags: readonly number[];
  /** Types of payload, those in a row taken together. */
  readonly payloadTypes: readonly number[];
  /** Which message was acknowledged, in order, with the id it had. */
  readonly acknowledgements: readonly string[];
  readonly streams: Readonly<Record<number, { bytes: string; finished: boolean }>>;
  /** Sequence numbers that came more than once. */
  readonly repeated: readonly number[];
}

export function messagesOf(events: readonly TranscriptEvent[], from: 'client' | 'agent'): AgentMessage[] {
  return events.filter((event) => event.from === from && event.message).map((event) => event.message!);
}

/** Cuts the half of one side down to what every run must agree on. */
export function agentHalf(messages: readonly AgentMessage[]): AgentHalf {
  const data = messages.filter((message) => message.type === MESSAGE_TYPES.OUTPUT);
  const inOrder = [...new Map(data.map((message) => [message.sequence, message])).values()].sort((a, b) => a.sequence - b.sequence);
  const gap = inOrder.findIndex((message, at) => message.sequence !== at);
  if (gap !== -1) throw new Error(`message ${gap} is missing`);
  const payloadTypes = inOrder.map((message) => message.payloadType);
  const { HandshakeTimeToComplete, ...complete } = JSON.parse(inOrder[1]!.payload.toString());
  const streams: Record<number, { bytes: string; finished: boolean }> = {};
  for (const { command, streamId, data: bytes } of framesOf(inOrder)) {
    const stream = (streams[streamId] ??= { bytes: '', finished: false });
    if (stream.finished) throw new Error(`a frame of stream ${streamId} after its FIN`);
    if (command === COMMANDS.PSH) stream.bytes += bytes.toString('hex');
    stream.finished = command === COMMANDS.FIN;
  }
  return {
    handshakeRequest: inOrder[0]!.payload.toString(),
    handshakeComplete: { ...complete, HandshakeTimeToComplete: typeof HandshakeTimeToComplete },
    firstFlags: inOrder.slice(0, 3).map((message) => Number(message.flags)),
    payloadTypes: payloadTypes.filter((type, at) => type !== payloadTypes[at - 1]),
    acknowledgements: messages.filter((message) => message.type === MESSAGE_TYPES.ACKNOWLEDGE)
      .map((message) => `${message.sequence} ${message.flags} ${message.payloadType} ${message.payload}`),
    streams,
    repeated: inOrder.map((one) => one.sequence).filter((sequence) => data.filter((message) => message.sequence === sequence).length > 1),
  };
}

/** What the targets of a transcript heard and said. */
export function streamScripts(events: readonly TranscriptEvent[]): StreamScript[] {
  const parsers = { client: new SmuxParser(), agent: new SmuxParser() };
  const next = { client: 0, agent: 0 };
  const streams = new Map<number, { read: Buffer[]; steps: { after: number; say?: Buffer }[]; ended: boolean }>();
  for (const { from, message } of events) {
    if (!from || !message?.type.endsWith('stream_data') || message.sequence !== next[from]) continue;
    next[from]++;
    if (message.payloadType !== PAYLOAD_TYPES.OUTPUT) continue;
    for (const { command, streamId, data } of parsers[from].push(message.payload)) {
      if (command === COMMANDS.SYN) streams.set(streamId, { read: [], steps: [], ended: false });
      const stream = streams.get(streamId)!;
      const after = Buffer.concat(stream.read).length;
      if (command === COMMANDS.PSH && from === 'client') stream.read.push(data);
      if (command === COMMANDS.PSH && from === 'agent') stream.steps.push({ after, say: data });
      if (command === COMMANDS.FIN && from === 'agent' && !stream.ended) stream.steps.push({ after });
      stream.ended ||= command === COMMANDS.FIN;
    }
  }
  return [...streams].map(([id, { read, steps }]) => ({ id, toTarget: Buffer.concat(read), steps }));
}

/** Plays the target of a stream, and answers an end of the client with words that must get lost. Gives what it has read so far. */
export function playTarget(socket: Socket, script: StreamScript): () => Buffer {
  const read: Buffer[] = [];
  const steps = [...script.steps];
  socket.on('data', (bytes) => {
    read.push(bytes);
    const length = Buffer.concat(read).length;
    while (steps[0] && steps[0].after <= length) {
      const { say } = steps.shift()!;
      if (say) socket.write(say);
      else socket.end();
    }
  });
  socket.on('end', () => socket.writable && socket.end('an answer to nobody'));
  return () => Buffer.concat(read);
}

/** The agent's messages that the client had heard when it did this: what came later cannot have been a reason. */
export function heardBefore(events: readonly TranscriptEvent[], event: TranscriptEvent): AgentMessage[] {
  return messagesOf(events.filter((other) => other.ms <= event.ms - ROUND_TRIP), 'agent').filter((message) => message.type !== 'agent_session_state');
}

/** The very acknowledgements of the transcript, each given out once, and one of our own where the bytes were cut otherwise. */
export function recordedAcknowledgements(events: readonly TranscriptEvent[]): (message: AgentMessage) => Buffer | undefined {
  const recorded = new Map(events
    .filter((event) => event.from === 'client' && event.message?.type === MESSAGE_TYPES.ACKNOWLEDGE)
    .map((event) => [decodeAcknowledgement(event.message!)!, event.frame!]));
  const last = Math.max(...recorded.keys());
  const seen = new Set<number>();
  return (message) => {
    const repeated = seen.has(message.sequence);
    seen.add(message.sequence);
    // The official client does not acknowledge what it has had before.
    if (repeated) return undefined;
    return message.sequence > last ? encodeAcknowledgement(message) : recorded.get(message.sequence);
  };
}

function framesOf(messages: readonly AgentMessage[]): SmuxFrame[] {
  const parser = new SmuxParser();
  return messages.filter((message) => message.payloadType === PAYLOAD_TYPES.OUTPUT).flatMap((message) => [...parser.push(message.payload)]);
}
