import { chmodSync, chownSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isInstalled } from '../support/optional-tools';
import { NOBODY, PeerProcess } from '../support/peer-process';
import { SSL_REQUEST } from './support/byte-target';
import { BIN } from './support/connect';
import { scenario } from './support/scenario';
import type { World } from './support/world';

/** Only root can be two users. */
const asRoot = process.getuid?.() === 0 && existsSync('/proc/net/tcp') ? test : test.skip as typeof test;
const asTwo = isInstalled('setpriv') ? asRoot : test.skip as typeof test;

async function isServed(port: number, uid: number): Promise<boolean> {
  const peer = await PeerProcess.connect(port, { uid });
  peer.write(SSL_REQUEST.toString('latin1'));
  try {
    return await Promise.race([peer.happens('ECONNRESET').then(() => false), Promise.race([peer.hears('S'), peer.hears('N')]).then(() => true)]);
  } finally {
    await peer.kill();
  }
}

async function logOf(world: World): Promise<string> {
  return (await world.connect('logs ahbodedb')).stdout;
}

scenario('another user is refused, which the log says once a minute; the tunnel\'s own user goes on', async (world) => {
  const { port } = await world.open();
  expect([await isServed(port, NOBODY), await isServed(port, NOBODY), await isServed(port, NOBODY)]).toEqual([false, false, false]);
  expect(await world.query(port)).toBe(42);
  expect((await logOf(world)).match(/^.* warn .*$/gm)).toEqual([expect.stringMatching(/refused: it is another user's \(uid 65534\)/)]);
  expect((await world.status()).lastError).toBeUndefined();
  await world.closeAll();
}, { run: asRoot });

scenario('--shared lets every user in', async (world) => {
  const { port, shared } = await world.open('ahbodedb --port 0 --shared');
  expect(shared).toBe(true);
  expect(await isServed(port, NOBODY)).toBe(true);
  expect(await world.query(port)).toBe(42);
  expect((await world.connect('status ahbodedb')).stdout).toMatch(/^ +shared +with every user of this machine$/m);
  const { stderr } = await world.connect('ahbodedb');
  expect(stderr).toContain('reusing the open tunnel, which every user of this machine may use');
  await world.closeAll();
}, { run: asRoot });

scenario('--shared takes effect on a tunnel that is open, and lasts', async (world) => {
  const { port } = await world.open();
  expect(await isServed(port, NOBODY)).toBe(false);
  const { stderr } = await world.connect('ahbodedb --shared');
  expect(stderr).toContain(`from here on every user of this machine may use the tunnel on port ${port}`);
  expect(await isServed(port, NOBODY)).toBe(true);
  expect((await world.connect('ahbodedb --json', { environment: { CONNECT_SHARED: '0' } })).json).toMatchObject({ reused: true, port, shared: true });
  expect(await isServed(port, NOBODY)).toBe(true);
  await world.closeAll();
}, { run: asRoot });

scenario('root is let in to a user\'s tunnel, and a third is not', async (world) => {
  for (const folder of [world.home, world.temporary]) chownSync(folder, NOBODY, NOBODY);
  chmodSync(dirname(world.home), 0o755);
  const asNobody = async (args: string): Promise<any> =>
    world.watch(world.start(['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', BIN, ...args.split(' ')], { bin: 'setpriv' }));
  const { json: { port }, stderr } = await asNobody('ahbodedb --port 0 --json');
  expect(stderr).not.toContain('error');
  expect(await world.query(port)).toBe(42);
  expect(await isServed(port, NOBODY)).toBe(true);
  expect(await isServed(port, NOBODY - 1)).toBe(false);
  expect((await asNobody('close --all')).exit).toBe(0);
}, { run: asTwo });
