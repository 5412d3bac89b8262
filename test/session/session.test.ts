import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { HandshakeTimeout, openSession } from '../../src/session';
import { FLAGS, PAYLOAD_TYPES } from '../../src/session/wire/message';
import { channelClosed } from '../local-aws/gateway/service-message';
import type { LabOptions } from '../local-aws/gateway/testing/lab';
import { eventually } from '../support/eventually';
import { ReplayedAgent } from './replayed-agent';
import { SessionLab, SILENT_LOG } from './session-lab';

let lab: SessionLab;

async function start(options: LabOptions = {}): Promise<SessionLab> {
  lab = await SessionLab.start(options);
  return lab;
}

afterEach(() => lab?.close());

/** Everything that comes until the other side ends. */
async function readAll(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => pieces.push(piece));
  await once(socket, 'end');
  return Buffer.concat(pieces);
}

async function echo(socket: Socket, bytes: Buffer): Promise<Buffer> {
  const pieces: Buffer[] = [];
  socket.write(bytes);
  while (Buffer.concat(pieces).length < bytes.length) pieces.push((await once(socket, 'data'))[0]);
  return Buffer.concat(pieces);
}

test('carries many connections at once, each to the target and back', async () => {
  const session = await (await start()).open();
  const answers = await Promise.all([...Array(30).keys()].map(async (n) => echo(await lab.connect(session), Buffer.from(`connection ${n}`))));
  expect(answers.map(String)).toEqual([...Array(30).keys()].map((n) => `connection ${n}`));
  expect(session.openStreams).toBe(30);
  expect(session).toMatchObject({ id: 'session-1', agentVersion: '3.3.987.0', customerMessage: undefined, isOpen: true });
});

test('writes of the lengths and endings that the official client spoils come back as they were', async () => {
  const session = await (await start()).open({ packetsPerSecond: Infinity });
  const socket = await lab.connect(session);
  for (const length of [1, 1016, 1017, 1018, 2041, 3065]) {
    for (const ending of [0x00, 0x0a, 0x0d, 0xff]) {
      const bytes = Buffer.alloc(length, 'b');
      bytes[length - 1] = ending;
      expect((await echo(socket, bytes)).equals(bytes)).toBe(true);
    }
  }
});

test('a message for everyone is passed on', async () => {
  await start();
  lab.lab.gateway.faults.agent.customerMessage = 'This is logged.\u0007';
  expect((await lab.open()).customerMessage).toBe('This is logged.');
});

test('a client that writes no more still gets the whole answer', async () => {
  const answer = Buffer.alloc(200_000, 'answer');
  await start({ target: (socket) => void socket.once('data', () => setTimeout(() => socket.end(answer), 200)), timing: { scale: 10 } });
  const socket = await lab.connect(await lab.open());
  socket.end('question');
  expect((await readAll(socket)).equals(answer)).toBe(true);
});

test('the target hears of a client that is gone without a word', async () => {
  const ended: Promise<unknown>[] = [];
  const session = await (await start({ target: (socket) => void ended.push(once(socket.resume(), 'end')) })).open({ halfCloseTimeout: 50 });
  const socket = await lab.connect(session);
  socket.end('last words');
  await once(socket.resume(), 'end');
  await ended[0];
  expect(session.openStreams).toBe(0);
});

test('the target hears of a client that is reset', async () => {
  let target!: Socket;
  await start({ target: (socket) => void (target = socket) });
  const session = await lab.open();
  const socket = await lab.connect(session);
  socket.write('something');
  while (target === undefined) await once(lab.lab.target, 'connection');
  socket.resetAndDestroy();
  await once(target.resume(), 'end');
});

test('a connection that the target refuses ends promptly, and the log says why', async () => {
  const session = await (await start({ target: undefined })).open();
  const socket = await lab.connect(session);
  const before = performance.now();
  expect(await readAll(socket)).toHaveLength(0);
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(lab.logged).toContain('the bastion could not connect to the target');
  expect(session.isOpen).toBe(true);
});

test('a connection that the target closes at once ends promptly, and others go on', async () => {
  await start({ target: (socket) => void socket.once('data', (data) => (data.toString() === 'go away' ? socket.resetAndDestroy() : socket.end(data))) });
  const session = await lab.open();
  const other = await lab.connect(session);
  for (let times = 0; times < 10; times++) {
    const socket = await lab.connect(session);
    socket.write('go away');
    expect(await readAll(socket)).toHaveLength(0);
    socket.destroy();
  }
  expect((await echo(other, Buffer.from('still there'))).toString()).toBe('still there');
  expect(session.isOpen).toBe(true);
});

test('a client that stops reading with 32 MiB waiting does not hold up another, and gets it all when it reads on', async () => {
  const bulk = randomBytes(32 * 1024 * 1024);
  await start({ target: (socket) => void socket.on('data', (data) => (data.toString() === 'bulk' ? socket.end(bulk) : socket.write(data))), timing: { scale: 50 } });
  const session = await lab.open();
  const stuck = await lab.connect(session);
  stuck.pause();
  stuck.write('bulk');
  const other = await lab.connect(session);
  while (lab.lab.gateway.counters.toClient.messages < 32_000) expect((await echo(other, Buffer.from('query'))).toString()).toBe('query');
  const all = readAll(stuck);
  stuck.resume();
  expect((await all).equals(bulk)).toBe(true);
}, 60_000);

test('close tells the agent, the service, and the clients, once', async () => {
  const closed: string[] = [];
  const session = await (await start()).open();
  lab.lab.gateway.on('closed', ({ reason }) => closed.push(reason));
  const socket = await lab.connect(session);
  await echo(socket, Buffer.from('x'));
  const reset = once(socket, 'error');
  await Promise.all([session.close(), session.close()]);
  await session.close();
  expect((await reset)[0].code).toBe('ECONNRESET');
  expect(closed).toHaveLength(1);
  expect(lab.calls).toEqual(['start', 'terminate']);
  expect(await session.ended).toEqual({ by: 'client', reason: 'closed' });
  expect(session.isOpen).toBe(false);
});

test('close waits until the agent has heard of it, though the word gets lost', async () => {
  await start();
  const session = await lab.open({ gateway: { ...lab.gateway, terminate: async () => {} } });
  await echo(await lab.connect(session), Buffer.from('x'));
  lab.lab.gateway.faults.dropNth('toAgent', 'data', 1);
  const closed = once(lab.lab.gateway, 'closed');
  await session.close();
  expect(lab.lab.gateway.isOpen(session.id)).toBe(false);
  expect((await closed)[0].reason).toBe('terminate flag');
});

test('close does not wait for an agent that does not answer', async () => {
  const session = await (await start()).open();
  lab.lab.gateway.silence();
  const before = performance.now();
  await session.close();
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(lab.calls).toEqual(['start', 'terminate']);
});

test('close succeeds when the service cannot be reached', async () => {
  await start();
  const session = await lab.open({ gateway: { ...lab.gateway, terminate: async () => { throw new Error('offline'); } } });
  await session.close();
  expect(lab.logged).toContain('the session could not be terminated');
});

test('a session that the service ends takes its connections along, and takes no new ones', async () => {
  const session = await (await start()).open();
  const socket = await lab.connect(session);
  const reset = once(socket, 'error');
  lab.lab.gateway.terminate(session.id);
  expect((await session.ended).by).toBe('service');
  expect((await reset)[0].code).toBe('ECONNRESET');
  const [error] = await lab.connect(session).then((late) => once(late, 'error'), (failure) => [failure]);
  expect(error.code).toBe('ECONNRESET');
  await session.close();
  expect(lab.calls).toEqual(['start']);
});

test('what the service says at the end is passed on', async () => {
  const session = await (await start({ resolveHost: () => undefined })).open();
  const { by, reason } = await session.ended;
  expect({ by, mentionsHost: reason.includes('db.internal') }).toEqual({ by: 'service', mentionsHost: true });
});

test('a session that is over when its connection breaks is ended, not resumed for ever', async () => {
  const session = await (await start()).open();
  const socket = await lab.connect(session);
  const reset = once(socket, 'error');
  lab.lab.gateway.cut('abrupt');
  lab.lab.gateway.terminate(session.id);
  expect((await session.ended).by).toBe('service');
  await reset;
});

test('resuming is tried again while the service refuses or fails', async () => {
  await start();
  let failures = 2;
  const { gateway } = lab;
  const session = await lab.open({ gateway: { ...gateway, resume: async (id) => (failures-- > 0 ? Promise.reject(new Error('throttled')) : gateway.resume(id)) } });
  const socket = await lab.connect(session);
  lab.lab.gateway.faults.refuseUpgrades = 1;
  lab.lab.gateway.cut('abrupt');
  expect((await echo(socket, Buffer.from('still there'))).toString()).toBe('still there');
  expect(lab.lab.gateway.counters.refusals).toBe(1);
});

test('fails with what start failed with', async () => {
  await start();
  const refusal = new Error('TargetNotConnected');
  await expect(lab.open({ gateway: { ...lab.gateway, start: async () => Promise.reject(refusal) } })).rejects.toBe(refusal);
  expect(lab.calls).toEqual([]);
});

test('fails when the agent accepts and never shakes hands', async () => {
  await start();
  lab.lab.gateway.faults.agent.silentSessions = 1;
  const opening = lab.open({ startTimeout: 200 });
  await expect(opening).rejects.toBeInstanceOf(HandshakeTimeout);
  await expect(opening).rejects.toMatchObject({ code: 'SESSION_FAILED', message: 'the agent did not shake hands within 0.2 s' });
  expect(lab.calls).toEqual(['start', 'terminate']);
});

test.each([
  ['is too old', { version: '3.0.196.0' }, 'too old'],
  ['asks for encryption', { kmsKeyId: 'a-key' }, 'KMS'],
])('fails when the agent %s', async (_, behaviour, message) => {
  await start();
  Object.assign(lab.lab.gateway.faults.agent, behaviour);
  await expect(lab.open()).rejects.toThrow(message);
  expect(lab.calls).toEqual(['start', 'terminate']);
  expect(lab.lab.gateway.isOpen('session-1')).toBe(false);
});

test('fails when the service refuses the connection, and says how', async () => {
  await start();
  Object.assign(lab.lab.gateway.faults, { refuseUpgrades: 1, refusalStatus: 403 });
  await expect(lab.open()).rejects.toThrow(/could not be opened: .*403/);
  expect(lab.calls).toEqual(['start', 'terminate']);
});

test.each([[undefined], [false]])('fails before the token is sent when the stream URL is not of AWS', async (allowInsecureLoopback) => {
  await start();
  await expect(lab.open({ allowInsecureLoopback })).rejects.toThrow('no endpoint of AWS');
  expect(lab.calls).toEqual(['start', 'terminate']);
  expect(lab.lab.gateway.counters.upgrades).toBe(0);
});

test('fails when it is called off, before and after the start', async () => {
  await start();
  const reason = new Error('never mind');
  await expect(lab.open({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(lab.calls).toEqual([]);
  lab.lab.gateway.faults.agent.silentSessions = 1;
  const controller = new AbortController();
  lab.lab.gateway.on('opened', () => setTimeout(() => controller.abort(reason), 100));
  await expect(lab.open({ signal: controller.signal })).rejects.toBe(reason);
  expect(lab.calls).toEqual(['start', 'terminate']);
});

test('fails when it is called off while the service starts the session, which is then terminated', async () => {
  await start();
  const controller = new AbortController();
  const reason = new Error('never mind');
  const { gateway } = lab;
  const calledOff = async () => {
    controller.abort(reason);
    return gateway.start();
  };
  await expect(lab.open({ signal: controller.signal, gateway: { ...gateway, start: calledOff } })).rejects.toBe(reason);
  expect(lab.calls).toEqual(['start', 'terminate']);
  expect(lab.lab.gateway.counters.upgrades).toBe(0);
});

test('a client that has its whole answer may read it to the end when the session is over', async () => {
  const answer = Buffer.alloc(4 * 1024 * 1024, 'answer');
  await start({ target: (socket) => socket.end(answer), timing: { scale: 50 } });
  const session = await lab.open();
  const socket = await lab.connect(session);
  socket.pause();
  await eventually(() => session.openStreams, (open) => open === 0, 20);
  await session.close();
  const all = readAll(socket);
  socket.resume();
  expect((await all).equals(answer)).toBe(true);
});

test.each([
  ['closes the channel', channelClosed('x', 'Document\u001b[31m not allowed'), 'Document [31m not allowed'],
  ['talks nonsense', Buffer.from('HTTP/1.1 200 OK'), 'shorter than a header'],
])('fails when the service %s during the start, and says so', async (_, frame, reason) => {
  const agent = await ReplayedAgent.start();
  const opening = openSession({ gateway: agent.gateway(), log: SILENT_LOG, allowInsecureLoopback: true });
  await agent.until(() => agent.tokenFrames.length === 1);
  agent.say(frame);
  await expect(opening).rejects.toMatchObject({ code: 'SESSION_FAILED', message: expect.stringContaining(reason) });
  await agent.close();
});

test('what the service says when it ends a session in the middle is stripped of what would steer a terminal, there and in the log', async () => {
  const agent = await ReplayedAgent.start();
  const logged: string[] = [];
  const note = (message: string, details?: object) => void logged.push(JSON.stringify([message, details]));
  const resume = jest.fn(agent.gateway().resume);
  const opening = openSession({
    gateway: { ...agent.gateway(), resume }, log: { debug: note, info: note, warn: note }, allowInsecureLoopback: true,
  });
  await agent.shakeHands();
  const session = await opening;
  agent.say(channelClosed('x', 'Terminated by\u001b[2Jadmin\r\n[info] forged\u202e'));
  expect(await session.ended).toEqual({ by: 'service', reason: 'Terminated by [2Jadmin [info] forged' });
  await session.close();
  expect(logged.join()).not.toMatch(/\\u001b|\\r|\u202e|"first"/);
  expect(resume).not.toHaveBeenCalled();
  await agent.close();
});

test('nonsense in the middle ends the session, and the agent is told', async () => {
  const agent = await ReplayedAgent.start();
  const opening = openSession({ gateway: agent.gateway(), log: SILENT_LOG, allowInsecureLoopback: true });
  await agent.shakeHands();
  const session = await opening;
  agent.sayData(2, PAYLOAD_TYPES.OUTPUT, 'this is no smux');
  expect(await session.ended).toEqual({ by: 'protocol', reason: 'smux version 116, expected 1' });
  await session.close();
  expect(agent.data.at(-1)).toMatchObject({ payloadType: PAYLOAD_TYPES.FLAG });
  expect(agent.data.at(-1)!.payload.readUInt32BE(0)).toBe(FLAGS.TERMINATE_SESSION);
  await agent.close();
});
