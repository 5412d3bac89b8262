import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Doorkeeper } from '../../../src/tunnel/peers';
import { peerName } from '../../../src/tunnel/peers/peer-name';
import { type Look, PeerTable } from '../../../src/tunnel/peers/peer-table';
import { NOBODY, PeerProcess } from '../../support/peer-process';
import { Listening } from './listening';

const onLinux = existsSync('/proc/net/tcp') ? describe : describe.skip;
/** Only root can start a program in another's name. */
const asRoot = process.getuid?.() === 0 ? test : test.skip;

let listening: Listening;
let said: string[];
const peers: PeerProcess[] = [];
beforeEach(async () => {
  said = [];
  listening = await Listening.on();
});
afterEach(async () => {
  await Promise.all(peers.splice(0).map(async (peer) => peer.kill()));
  await listening.close();
});

function post(options: { uid?: number; isShared?: boolean; look?: Look; port?: number } = {}): Doorkeeper {
  const note = (message: string): void => { said.push(message); };
  const { look, port = listening.port, ...rest } = options;
  const doorkeeper = new Doorkeeper({ port, log: { debug: note, warn: note }, table: look && new PeerTable(look), ...rest });
  doorkeeper.start();
  return doorkeeper;
}

async function connect(uid?: number, host?: string): Promise<{ peer: PeerProcess; socket: Awaited<ReturnType<Listening['accept']>> }> {
  const accepted = listening.accept();
  const peer = await PeerProcess.connect(listening.port, { uid, host });
  peers.push(peer);
  return { peer, socket: await accepted };
}

onLinux('a connection', () => {
  const WORKER = 1234;

  test('of the user whose tunnel it is comes in', async () => {
    expect(await post().admits((await connect()).socket)).toBe(true);
    expect(said).toEqual([]);
  });

  asRoot('of root comes in', async () => {
    expect(await post({ uid: WORKER }).admits((await connect()).socket)).toBe(true);
  });

  asRoot.each(['127.0.0.1', '::ffff:127.0.0.1'])('of another user (to %s) is refused, and the log names him', async (host) => {
    const doorkeeper = post();
    expect(await doorkeeper.admits((await connect(NOBODY, host)).socket)).toBe(false);
    expect(said).toEqual([expect.stringMatching(/^a connection was refused: it is another user's \(uid 65534\); .*--shared/)]);
    expect(await doorkeeper.admits((await connect(undefined, host)).socket)).toBe(true);
  });

  asRoot('of another user is refused though he has gone in the meantime', async () => {
    const doorkeeper = post();
    const { peer, socket } = await connect(NOBODY);
    peer.write('FLUSHALL\r\n');
    peer.close();
    await peer.kill();
    expect(await doorkeeper.admits(socket)).toBe(false);
    const { peer: other, socket: reset } = await connect(NOBODY);
    other.write('FLUSHALL\r\n');
    other.reset();
    await other.kill();
    expect(await doorkeeper.admits(reset)).toBe(false);
  });

  asRoot('of anybody comes in where the tunnel is shared, also from then on', async () => {
    expect(await post({ isShared: true }).admits((await connect(NOBODY)).socket)).toBe(true);
    const doorkeeper = post();
    doorkeeper.share();
    expect(await doorkeeper.admits((await connect(NOBODY)).socket)).toBe(true);
    expect(said).toEqual([]);
  });

  const entry = (uid: number, inode: string) => ({ local: '', remote: '', state: '04', uid, inode });
  test.each<[what: string, entry: ReturnType<typeof entry> | undefined, says: RegExp | undefined]>([
    ['that is held by its user', entry(WORKER, '7'), undefined],
    ['that its user has closed', entry(WORKER, '0'), undefined],
    ['that root holds', entry(0, '7'), undefined],
    ['that another holds', entry(1, '7'), /uid 1\)/],
    ['that another has closed', entry(1, '0'), /uid 1\)/],
    ['that somebody has closed whom the kernel has forgotten', entry(0, '0'), /closed before/],
    ['that is not in the table', undefined, /cannot be seen/],
  ])('%s: by what the table shows', async (_, shown, says) => {
    const { socket } = await connect();
    const look: Look = async () => new Map(shown ? [[peerName(socket)!, shown]] : []);
    expect(await post({ uid: WORKER, look }).admits(socket)).toBe(says === undefined);
    expect(said).toEqual(says === undefined ? [] : [expect.stringMatching(says)]);
  });

  test('that one look has missed is looked for once more', async () => {
    const { socket } = await connect();
    let looks = 0;
    const look: Look = async () => new Map(++looks === 2 ? [[peerName(socket)!, entry(WORKER, '7')]] : []);
    expect(await post({ uid: WORKER, look }).admits(socket)).toBe(true);
  });

  test('is refused when the table cannot be read any more: another user may have brought that about', async () => {
    const { socket } = await connect();
    const look: Look = async () => Promise.reject(Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' }));
    expect(await post({ look }).admits(socket)).toBe(false);
    expect(said).toEqual([expect.stringContaining('too many open files')]);
  });

  test('comes in where the table does not even show our own socket, and that is said once', async () => {
    const { socket } = await connect();
    const doorkeeper = post({ port: 1, look: async () => new Map() });
    expect([await doorkeeper.admits(socket), await doorkeeper.admits(socket)]).toEqual([true, true]);
    expect(said).toEqual([expect.stringContaining('any local user may use the tunnel')]);
  });

  test('of hundreds at once costs a few looks', async () => {
    const { socket } = await connect();
    let looks = 0;
    const look: Look = async () => {
      looks++;
      await sleep(10);
      return new Map([[peerName(socket)!, entry(WORKER, '7')]]);
    };
    const doorkeeper = post({ uid: WORKER, look });
    expect(new Set(await Promise.all(Array.from({ length: 500 }, async () => doorkeeper.admits(socket))))).toEqual(new Set([true]));
    expect(looks).toBe(1);
  });
});
