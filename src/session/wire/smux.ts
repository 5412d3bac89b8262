/**
 * smux version 1: many streams in one byte stream. A frame is version, command, length and stream id (little-endian), then data.
 */
export const SMUX_VERSION = 1;
export const COMMANDS = { SYN: 0, FIN: 1, PSH: 2, NOP: 3 } as const;
export type Command = (typeof COMMANDS)[keyof typeof COMMANDS];

export const SMUX_HEADER_LENGTH = 8;
/** The largest frame that the agent's library makes or accepts. */
export const MAX_FRAME_LENGTH = 32768;

export interface SmuxFrame {
  readonly command: Command;
  readonly streamId: number;
  readonly data: Buffer;
}

const EMPTY = Buffer.alloc(0);

/** Bytes that are no smux of version 1. The session they came from cannot be trusted any more. */
export class SmuxProtocolError extends Error {
  readonly name = 'SmuxProtocolError';
}

export function encodeFrame(command: Command, streamId: number, data: Buffer = EMPTY): Buffer {
  const frame = Buffer.allocUnsafe(SMUX_HEADER_LENGTH + data.length);
  data.copy(frame, writeFrameHeader(frame, 0, command, streamId, data.length));
  return frame;
}

/** Writes a frame's header at an offset and gives the offset behind it, where its data belongs. */
export function writeFrameHeader(target: Buffer, offset: number, command: Command, streamId: number, length = 0): number {
  target[offset] = SMUX_VERSION;
  target[offset + 1] = command;
  target.writeUInt16LE(length, offset + 2);
  target.writeUInt32LE(streamId, offset + 4);
  return offset + SMUX_HEADER_LENGTH;
}

/** Cuts a byte stream, which comes in pieces of any size, into frames. */
export class SmuxParser {
  private pieces: Buffer[] = [];
  private buffered = 0;
  private needed = SMUX_HEADER_LENGTH;

  /** Takes the next bytes and gives the frames that they complete. @throws SmuxProtocolError */
  * push(bytes: Buffer): Generator<SmuxFrame> {
    this.pieces.push(bytes);
    this.buffered += bytes.length;
    while (this.buffered >= this.needed) {
      const all = this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces, this.buffered);
      const length = frameLength(all);
      if (all.length < length) {
        this.keep(all, length);
        return;
      }
      this.keep(all.subarray(length), SMUX_HEADER_LENGTH);
      yield { command: all[1] as Command, streamId: all.readUInt32LE(4), data: all.subarray(SMUX_HEADER_LENGTH, length) };
    }
  }

  private keep(rest: Buffer, needed: number): void {
    this.pieces = rest.length === 0 ? [] : [rest];
    this.buffered = rest.length;
    this.needed = needed;
  }
}

function frameLength(bytes: Buffer): number {
  const [version, command] = [bytes[0]!, bytes[1]!];
  if (version !== SMUX_VERSION) throw new SmuxProtocolError(`smux version ${version}, expected ${SMUX_VERSION}`);
  if (command > COMMANDS.NOP) throw new SmuxProtocolError(`smux command ${command} is not of version ${SMUX_VERSION}`);
  const length = bytes.readUInt16LE(2);
  if (command !== COMMANDS.PSH && length !== 0) throw new SmuxProtocolError(`smux command ${command} with ${length} bytes of data`);
  return SMUX_HEADER_LENGTH + length;
}
