import { exchange } from './exchange';
import { type Attempt, orTls } from './or-tls';

const HEADER_LENGTH = 16;
const [OP_REPLY, OP_QUERY, OP_MSG] = [1, 2004, 2013];
const REQUEST_ID = 1;
const ONE_DOCUMENT = -1;

/** The question that every driver begins with, and that a MongoDB or DocumentDB answers before it asks who is there. */
const IS_MASTER = query('admin.$cmd', bson('isMaster', 1));

export const askMongodb: Attempt = async (target) => await exchange({
  ...target,
  say: IS_MASTER,
  reply: (bytes) => (bytes.length < HEADER_LENGTH ? undefined : { verdict: isReply(bytes) }),
}) || undefined;

export const probeMongodb = orTls(askMongodb);

function isReply(bytes: Buffer): boolean {
  return bytes.readInt32LE(8) === REQUEST_ID && [OP_REPLY, OP_MSG].includes(bytes.readInt32LE(12));
}

function query(collection: string, document: Buffer): Buffer {
  const body = Buffer.concat([int32(0), cstring(collection), int32(0), int32(ONE_DOCUMENT), document]);
  return Buffer.concat([int32(HEADER_LENGTH + body.length), int32(REQUEST_ID), int32(0), int32(OP_QUERY), body]);
}

/** A document of one number. */
function bson(name: string, value: number): Buffer {
  const elements = Buffer.concat([Buffer.of(0x10), cstring(name), int32(value), Buffer.of(0)]);
  return Buffer.concat([int32(4 + elements.length), elements]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function cstring(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}
