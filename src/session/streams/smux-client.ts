import { COMMANDS, SMUX_HEADER_LENGTH, SmuxParser } from '../wire/smux';
import { SmuxStream, type StreamHandlers } from './smux-stream';

/** The payload that the service is known to take. A frame never spans two packets. */
export const MAX_PAYLOAD = 1024;
/** A client's streams have odd ids; the agent's library begins here. */
const FIRST_STREAM_ID = 3;

/** The client's end of smux: many streams share the payloads of one session, turn by turn. */
export class SmuxClient {
  private readonly streams = new Map<number, SmuxStream>();
  /** Streams with something to say; the first has waited longest. */
  private readonly ready = new Set<SmuxStream>();
  private readonly parser = new SmuxParser();
  private readonly packet = Buffer.allocUnsafe(MAX_PAYLOAD);
  private nextId = FIRST_STREAM_ID;

  /** @param wake says that there is a payload to be had */
  constructor(private readonly wake: () => void) {}

  get openStreams(): number {
    return this.streams.size;
  }

  open(handlers: StreamHandlers): SmuxStream {
    const stream = new SmuxStream(this.nextId, handlers, (ready) => this.enqueue(ready));
    this.nextId += 2;
    this.streams.set(stream.id, stream);
    this.enqueue(stream);
    return stream;
  }

  /** The next payload: frames of as many streams as fit, one turn each. It is only good until the next call. */
  nextPayload(): Buffer | undefined {
    let at = 0;
    for (let turns = this.ready.size; turns > 0 && at + SMUX_HEADER_LENGTH < MAX_PAYLOAD; turns--) {
      const stream = this.ready.values().next().value!;
      this.ready.delete(stream);
      at = stream.fill(this.packet, at);
      if (stream.isReady) this.ready.add(stream);
      else this.forgetIfDone(stream);
    }
    return at === 0 ? undefined : this.packet.subarray(0, at);
  }

  /** Takes the next bytes of the agent's. @throws SmuxProtocolError */
  receive(bytes: Buffer): void {
    for (const frame of this.parser.push(bytes)) {
      // What comes for a stream that is over, and the agent's keepalive, say nothing.
      const stream = this.streams.get(frame.streamId);
      if (stream === undefined) continue;
      if (frame.command === COMMANDS.PSH) stream.receive(frame.data);
      else if (frame.command === COMMANDS.FIN) stream.receiveFin();
      this.forgetIfDone(stream);
    }
  }

  private enqueue(stream: SmuxStream): void {
    this.ready.add(stream);
    this.wake();
  }

  private forgetIfDone(stream: SmuxStream): void {
    if (stream.isDone) this.streams.delete(stream.id);
  }
}
