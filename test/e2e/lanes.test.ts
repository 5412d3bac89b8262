import { eventually } from '../support/eventually';
import { ByteTarget, Line } from './support/byte-target';
import { scenario } from './support/scenario';
import type { World } from './support/world';

/** How many connections each session of the tunnel has, most first. */
async function spread({ status }: World): Promise<number[]> {
  const { sessions } = await status();
  return sessions.map(({ connections }: { connections: number }) => connections).sort().reverse();
}

scenario('a query beside a bulk transfer has a session of its own, and both are shown and ended', async (world) => {
  const { open, connect, status, aws, closeAll } = world;
  await ByteTarget.forWriterOf(world);
  const { port } = await open();
  const bulk = await Line.withBulk(port);
  const query = await Line.to(port);
  await query.echo('select 1');
  expect(await spread(world)).toEqual([1, 1]);
  expect(aws.sessions.open()).toHaveLength(2);
  const tunnel = await status();
  expect(tunnel).toMatchObject({ connections: 2, reconnects: 0, sessionId: tunnel.sessions[0].id });
  expect(tunnel.traffic.in).toBeGreaterThan(100_000);
  expect(tunnel.traffic.out).toBeGreaterThan(0);
  expect((await connect('status ahbodedb')).stdout.match(/^ {2}session .*, 1 connection, .* in, .* out$/gm)).toHaveLength(2);
  bulk.close();
  query.close();
  await closeAll();
  expect(aws.sessions.open()).toEqual([]);
});

scenario('eight connections at once use as many sessions as they may, each connection its own data', async (world) => {
  await ByteTarget.forWriterOf(world);
  const { port } = await world.open('ahbodedb --port 0 --lanes 8');
  const lines = await Promise.all(Array.from({ length: 8 }, () => Line.to(port)));
  await Promise.all(lines.map((line, i) => line.echo(`this is ${i}`)));
  expect(await spread(world)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  for (const line of lines) line.close();
  await world.closeAll();
}, { timeout: 60_000 });

scenario('--lanes 1 is one session; the next `connect --lanes 2` allows another', async (world) => {
  await ByteTarget.forWriterOf(world);
  const { port } = await world.open('ahbodedb --port 0 --lanes 1');
  const bulk = await Line.withBulk(port);
  const second = await Line.to(port);
  await second.echo('a');
  expect(await spread(world)).toEqual([2]);
  await world.open('ahbodedb --port 0 --lanes 2');
  const third = await Line.to(port);
  await third.echo('a');
  expect((await spread(world)).length).toBe(2);
  for (const line of [bulk, second, third]) line.close();
  await world.closeAll();
});

scenario('where AWS refuses a second session, the first one is shared', async (world) => {
  const { aws, open, closeAll } = world;
  await ByteTarget.forWriterOf(world);
  const { port } = await open();
  aws.faults.deny('StartSession');
  const bulk = await Line.withBulk(port);
  const query = await Line.to(port);
  await query.echo('select 1');
  expect(await spread(world)).toEqual([2]);
  expect(await world.status()).toMatchObject({ lastError: expect.stringContaining('ssm:StartSession is not allowed'), next: expect.stringContaining('granted ssm:StartSession') });
  bulk.close();
  query.close();
  await closeAll();
});

scenario('a dial that is never answered holds up nobody: open connections go on, and new ones take another session', async (world) => {
  const { aws, open, closeAll } = world;
  await ByteTarget.forWriterOf(world);
  const { port } = await open();
  const first = await Line.to(port);
  await first.echo('here');
  aws.gateway.faults.agent.blackHoles = 1;
  const lost = await Line.to(port);
  lost.socket.write('anybody?');
  await eventually(async () => aws.gateway.faults.agent.blackHoles, (left) => left === 0, 10);
  await first.echo('still here');
  const next = await Line.to(port);
  await next.echo('and so am I');
  expect(aws.sessions.open().length).toBeGreaterThan(1);
  for (const line of [first, lost, next]) line.close();
  await closeAll();
});

scenario('with one session later connections wait behind such a dial, and the log says why', async (world) => {
  const { aws, open, connect, closeAll } = world;
  await ByteTarget.forWriterOf(world);
  const { port } = await open('ahbodedb --port 0 --lanes 1');
  aws.gateway.faults.agent.blackHoles = 1;
  const lost = await Line.to(port);
  lost.socket.write('anybody?');
  await eventually(async () => (await connect('logs ahbodedb')).stdout, (log) => /has had no answer for 10 s: later ones in session \S+ wait behind it/.test(log), 25);
  lost.close();
  await closeAll();
}, { timeout: 45_000 });
