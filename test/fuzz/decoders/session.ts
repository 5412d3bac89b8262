import assert from 'node:assert/strict';
import { encodeAcknowledgement } from '../../../src/session/wire/acknowledgement';
import { decodeMessage, encodeMessage, MESSAGE_TYPES, PAYLOAD_TYPES } from '../../../src/session/wire/message';
import { COMMANDS, encodeFrame } from '../../../src/session/wire/smux';
import { isFitForALog, isNoMistake } from '../claims';
import type { Decoder } from '../decoder';
import { FIRST_SEQUENCE, HostileGateway, type LogLine, TOKEN } from '../hostile-gateway';
import { redigest } from './message';

/** The same in every run: what is made from them is found again by its seed. */
const FIXED = { id: 'b1c84d5c-0f8e-4b6a-9f43-77a3a5a5b2f1', createdAt: 1_700_000_000_000 };
const service = (type: string, payload: Buffer) => encodeMessage({ ...FIXED, type, payload });
const output = (sequence: number, payloadType: number, payload: Buffer) =>
  encodeMessage({ ...FIXED, type: MESSAGE_TYPES.OUTPUT, sequence, payloadType, payload });
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const closed = (Output: unknown) => service(MESSAGE_TYPES.CHANNEL_CLOSED, json({ MessageType: 'channel_closed', SessionId: 's', Output }));

const DATA = output(FIRST_SEQUENCE, PAYLOAD_TYPES.OUTPUT, Buffer.concat([
  encodeFrame(COMMANDS.PSH, 3, Buffer.from('hello')), encodeFrame(COMMANDS.PSH, 5, Buffer.from('nobody')),
]));
const HANDSHAKE_AGAIN = output(FIRST_SEQUENCE, PAYLOAD_TYPES.HANDSHAKE_REQUEST, json({
  AgentVersion: '3.3.987.0',
  RequestedClientActions: [{ ActionType: 'SessionType', ActionParameters: { SessionType: 'Port' } }],
}));
/** What no client takes amiss. */
const HARMLESS = [
  DATA,
  output(FIRST_SEQUENCE, PAYLOAD_TYPES.OUTPUT, encodeFrame(COMMANDS.FIN, 3)),
  output(FIRST_SEQUENCE, PAYLOAD_TYPES.FLAG, Buffer.of(0, 0, 0, 3)),
  output(FIRST_SEQUENCE, PAYLOAD_TYPES.HANDSHAKE_COMPLETE, json({ CustomerMessage: 'again' })),
  output(FIRST_SEQUENCE, PAYLOAD_TYPES.ENCRYPTION_CHALLENGE_REQUEST, json({ Challenge: 'x' })),
  output(FIRST_SEQUENCE + 1, PAYLOAD_TYPES.OUTPUT, encodeFrame(COMMANDS.NOP, 0)),
  service(MESSAGE_TYPES.ACKNOWLEDGE, decodeMessage(encodeAcknowledgement({ type: MESSAGE_TYPES.INPUT, id: FIXED.id, sequence: 1 })).payload),
  service(MESSAGE_TYPES.PAUSE, Buffer.alloc(0)),
  service(MESSAGE_TYPES.START, Buffer.alloc(0)),
  ...['Your session timed out due to inactivity and has been terminated.', '\u001b[2J\u0007\r\nforged line', 42, { deep: ['x'] }].map(closed),
];
/** Types that are names of what every object has. */
const STRANGE = ['__proto__', 'constructor', 'toString', '__defineGetter__', 'hasOwnProperty'].map((type) => service(type, Buffer.from('{}')));

/** A whole session, told one frame after the handshake that may be anything, and a good one behind it. */
export const wholeSession: Decoder = {
  name: 'session after the handshake',
  seeds: [...HARMLESS, HANDSHAKE_AGAIN, ...STRANGE],
  mend: redigest,
  mayThrow: [],
  share: 70,
  start: async () => {
    const gateway = await HostileGateway.start();
    return {
      async decode(input, dice) {
        const { session, logged, local, say } = await gateway.open();
        await say([input, dice.pick(HARMLESS)]);
        const wasOpen = session.isOpen;
        await session.close();
        local.destroy();
        const { by, reason } = await session.ended;
        assert.ok(wasOpen ? by === 'client' : by === 'protocol' || by === 'service' || by === 'network', `ended by ${by}, ${wasOpen ? 'open' : 'over'}: ${reason}`);
        if (STRANGE.some((frame) => frame.equals(input))) assert.notEqual(by, 'protocol', reason);
        isFitForALog(reason, 1_000);
        isNoMistake(reason);
        assert.ok(logged.some(({ message }) => message === 'session ended'));
        logged.forEach(isFit);
      },
      stop: () => gateway.close(),
    };
  },
};

export function isFit({ message, details = {} }: LogLine): void {
  for (const text of [message, ...Object.values(details).filter((value) => typeof value === 'string')]) {
    isFitForALog(text, 1_000);
    assert.ok(!text.includes(TOKEN), 'the token is logged');
  }
}
