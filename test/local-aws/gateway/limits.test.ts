import { once } from 'node:events';
import { MESSAGE_TYPES } from '../../../src/session/wire/message';
import type { SessionLimits } from './limits';
import { Lab } from './testing/lab';
import type { RawClient } from './testing/raw-client';

const IDLE = 'Your session timed out due to inactivity and has been terminated.';
const OVER = 'Your session reached its maximum duration and has been terminated.';

let lab: Lab;
beforeEach(async () => {
  // Nothing is repeated because the machine is busy.
  lab = await Lab.start({ timing: { tick: 60_000 } });
});
afterEach(async () => lab.close());

/** A client on a session with limits, with a stream that echoes. */
async function talking(limits: SessionLimits): Promise<RawClient> {
  const client = await lab.ready(lab.open({ limits }));
  client.open(3);
  await client.untilAcknowledged(client.write(3, '.'));
  await client.untilReceived(3, 1);
  return client;
}

async function lastWords(client: RawClient): Promise<string> {
  const { payload } = await client.until(({ type }) => type === MESSAGE_TYPES.CHANNEL_CLOSED);
  return JSON.parse(payload.toString()).Output;
}

test('a session without data is ended after its idle timeout, and the client is told why', async () => {
  const client = await talking({ idleSessionTimeout: 20 });
  lab.gateway.passMinutes(19);
  expect(lab.gateway.isOpen('session-1')).toBe(true);
  lab.gateway.passMinutes(1);
  expect(await lastWords(client)).toBe(IDLE);
  expect(await client.closing()).toBe(1000);
  expect(lab.gateway.isOpen('session-1')).toBe(false);
  expect(lab.gateway.reissue('session-1', 'again')).toBe(false);
});

test('data keeps a session from being idle', async () => {
  const client = await talking({ idleSessionTimeout: 20 });
  for (let time = 0; time < 3; time++) {
    lab.gateway.passMinutes(19);
    await client.untilAcknowledged(client.write(3, 'x'));
  }
  expect(lab.gateway.isOpen('session-1')).toBe(true);
});

test('pings and acknowledgements do not', async () => {
  const client = await talking({ idleSessionTimeout: 20 });
  lab.gateway.passMinutes(19);
  client.sendRaw(client.answer(client.data[0]!)!);
  expect(await client.ping(2000)).toBe(true);
  lab.gateway.passMinutes(1);
  expect(await lastWords(client)).toBe(IDLE);
});

test('a session is ended at its maximum duration, busy or not', async () => {
  const client = await talking({ idleSessionTimeout: 20, maxSessionDuration: 30 });
  lab.gateway.passMinutes(19);
  await client.untilAcknowledged(client.write(3, 'x'));
  lab.gateway.passMinutes(11);
  expect(await lastWords(client)).toBe(OVER);
});

test('a session that nobody came for is ended too', () => {
  lab.open({ limits: { idleSessionTimeout: 20 } });
  lab.gateway.passMinutes(20);
  expect(lab.gateway.isOpen('session-1')).toBe(false);
});

test('a session without limits lasts', async () => {
  await talking({});
  lab.gateway.passMinutes(100_000);
  expect(lab.gateway.isOpen('session-1')).toBe(true);
});

test('the time of the machine counts as well', async () => {
  const closed = once(lab.gateway, 'closed');
  const sessionId = lab.open({ limits: { maxSessionDuration: 0.001 } });
  expect(await closed).toEqual([{ sessionId, reason: 'maxSessionDuration' }]);
});
