import { eventually } from '../support/eventually';
import { ByteTarget, Line } from './support/byte-target';
import { scenario } from './support/scenario';

scenario('a connection to the service that is cut is resumed, open connections survive, and status counts it', async (world) => {
  const { aws, open, closeAll } = world;
  await ByteTarget.forWriterOf(world);
  const { port } = await open();
  const line = await Line.to(port);
  await line.echo('before');
  aws.gateway.cut('bye');
  await line.echo('after');
  expect(aws.calls.succeeded('ResumeSession')).toHaveLength(1);
  expect(aws.calls.of('StartSession')).toHaveLength(1);
  expect(await world.status()).toMatchObject({ reconnects: 1, connections: 1, sessions: [{ reconnects: 1 }] });
  line.close();
  await closeAll();
});

scenario('a session that the service ends is followed by another on the next connection, and the reason is in status and in the log', async (world) => {
  const { aws, open, connect, query, closeAll } = world;
  const { port } = await open();
  aws.gateway.passMinutes(25);
  await eventually(world.status, ({ sessions, lastError }) => sessions.length === 0 && lastError !== undefined, 10);
  const { lastError } = await world.status();
  expect(lastError).toMatch(/^the session ended: .*(time|idle)/i);
  expect((await connect('logs ahbodedb')).stdout).toContain(lastError.replace('the session ended: ', ''));
  expect(await query(port)).toBe(42);
  expect(aws.calls.succeeded('StartSession')).toHaveLength(2);
  expect(await world.status()).toMatchObject({ reconnects: 1, sessions: [expect.anything()] });
  await closeAll();
});

for (const how of ['channel_closed', 'silence'] as const) {
  scenario(`a bastion that stops under an open tunnel (${how}) is started by the next connection, visibly`, async (world) => {
    const { aws, open, query, connect, closeAll } = world;
    aws.gateway.faults.stoppedInstance = how;
    const { port } = await open();
    aws.instances.get().stop();
    await aws.instances.get().whenState('stopped');
    // Where nobody says that the bastion is gone, the first to come finds out, and is broken off.
    const answer = query(port).catch(() => undefined);
    await eventually(world.status, ({ activity }) => /is (stopped: starting it|starting: waiting)/.test(activity ?? ''), 40);
    expect((await connect('status ahbodedb')).stdout).toMatch(/^ {2}now .*bastion/m);
    expect(await answer).toBe(how === 'silence' ? undefined : 42);
    expect(await query(port)).toBe(42);
    expect(aws.calls.succeeded('StartInstances')).toHaveLength(1);
    expect((await world.status()).activity).toBeUndefined();
    await closeAll();
  }, { timing: { stopping: 200, pending: 6_000 }, timeout: 90_000 });
}

scenario('a bastion that is replaced under an open tunnel is found by the next connection', async (world) => {
  const { aws, open, query, closeAll } = world;
  const { port } = await open();
  const old = aws.instances.get();
  const fresh = aws.instances.replace(old);
  old.terminate();
  await old.whenState('terminated');
  expect(await query(port)).toBe(42);
  expect(await world.status()).toMatchObject({ bastion: { instanceId: fresh.id } });
  expect(aws.sessions.open().map((session) => session.target)).toEqual([fresh.id]);
  await closeAll();
});

scenario('after a fail-over, connections that are opened a minute later reach the new writer, and open ones are left alone', async (world) => {
  const { aws, open, closeAll } = world;
  const [before, after] = [await ByteTarget.forWriterOf(world), await ByteTarget.in(world)];
  const { port } = await open();
  const line = await Line.to(port);
  await line.echo('to the old writer');
  const [reached, failedOverAt] = [before.connections, Date.now()];
  aws.hosts.map(aws.clusters.get().endpoint, after);
  await eventually(() => Date.now() - failedOverAt, (passed) => passed > 60_000, 70);
  const next = await Line.to(port);
  await next.echo('to the new writer');
  expect(after.connections).toBe(1);
  await line.echo('to the old one still');
  expect(before.connections).toBe(reached);
  for (const each of [line, next]) each.close();
  await closeAll();
}, { timeout: 100_000 });

scenario('AWS that throttles StartSession is asked seldom, however many connections want a session, and they get it in the end', async (world) => {
  const { aws, open, query, closeAll } = world;
  const { port } = await open();
  aws.faults.throttle('StartSession');
  aws.gateway.passMinutes(25);
  await eventually(world.status, ({ sessions }) => sessions.length === 0, 10);
  const begin = Date.now();
  const waiting = Array.from({ length: 20 }, () => query(port));
  await eventually(() => aws.calls.failed('StartSession').length, (failed) => failed >= 9, 20);
  const seconds = (Date.now() - begin) / 1000;
  // Three calls of the SDK's each, after pauses of at least 1/8, 1/4, 1/2, ... s.
  expect(aws.calls.failed('StartSession').length).toBeLessThanOrEqual(3 * (2 + Math.log2(1 + seconds * 8)));
  aws.faults.clear();
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => 42));
  await closeAll();
}, { timeout: 60_000 });

for (const [signal, how] of [['SIGTERM', 'got SIGTERM'], ['SIGINT', 'got SIGINT'], ['SIGHUP', 'got SIGHUP']] as const) {
  scenario(`a worker that gets ${signal} with connections open ends its sessions, at the agent and at AWS, and leaves nothing`, async (world) => {
    const { aws, open, nothingLeft } = world;
    await ByteTarget.forWriterOf(world);
    const { port, pid } = await open('ahbodedb --port 0 --lanes 4');
    const talking = await Promise.all([Line.to(port), Line.to(port)]);
    const lines = [await Line.withBulk(port), ...talking];
    await Promise.all(talking.map((line) => line.echo(how)));
    const ids = aws.sessions.open().map(({ id }) => id);
    process.kill(pid, signal);
    await nothingLeft(4);
    expect(aws.calls.succeeded('TerminateSession').map(({ input }) => (input as { SessionId: string }).SessionId).sort()).toEqual(ids.sort());
    expect(await Promise.all(lines.map(({ ended }) => ended))).toEqual(expect.arrayContaining(['reset']));
  });
}
