import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HalfClosedPeer } from '../../../src/session';
import { HalfCloseWatch } from '../../../src/tunnel/peers';
import { peerName } from '../../../src/tunnel/peers/peer-name';
import { type Look, PeerTable } from '../../../src/tunnel/peers/peer-table';
import { findSockets, type SocketEntry } from '../../../src/tunnel/ports/proc-net';
import { PeerProcess } from '../../support/peer-process';
import { Listening } from './listening';

const onLinux = existsSync('/proc/net/tcp') ? describe : describe.skip;
const hasIpv6 = existsSync('/proc/net/if_inet6');

let listening: Listening;
const peers: PeerProcess[] = [];
afterEach(async () => {
  await Promise.all(peers.splice(0).map(async (peer) => peer.kill()));
  await listening.close();
});

async function connectTo(host: string, reached = host): Promise<{ peer: PeerProcess; socket: Socket }> {
  listening = await Listening.on(host);
  const accepted = listening.accept();
  const peer = await PeerProcess.connect(listening.port, { host: reached });
  peers.push(peer);
  return { peer, socket: await accepted };
}

/** Until the peer writes no more. */
async function ended(socket: Socket): Promise<void> {
  await new Promise((resolve) => socket.once('end', resolve).resume());
}

/** Counts its looks, and can say what they gave. */
class CountedLooks {
  readonly table = new PeerTable(async (names) => this.look(names));
  count = 0;

  constructor(private readonly found: Look = findSockets) {}

  async next(): Promise<void> {
    const { count } = this;
    while (this.count === count) await sleep(5);
  }

  private async look(names: ReadonlySet<string>): ReturnType<Look> {
    const found = await this.found(names);
    this.count++;
    return found;
  }
}

function watch(socket: Socket, table?: PeerTable): { told: Promise<HalfClosedPeer>; answers: HalfClosedPeer[]; end: () => void } {
  const answers: HalfClosedPeer[] = [];
  let end!: () => void;
  const told = new Promise<HalfClosedPeer>((resolve) => {
    end = new HalfCloseWatch(table).watch(socket, (peer) => {
      answers.push(peer);
      resolve(peer);
    });
  });
  return { told, answers, end };
}

onLinux('a peer that writes no more', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    // As Java does, whose sockets are of IPv6 wherever they lead to.
    ['127.0.0.1', '::ffff:127.0.0.1'],
    ...(hasIpv6 ? [['::1', '::1']] : []),
  ])('and reads on is left alone, until it is killed (on %s by %s)', async (host, reached) => {
    const { peer, socket } = await connectTo(host!, reached);
    peer.end('question');
    await ended(socket);
    const looks = new CountedLooks();
    const { told, answers } = watch(socket, looks.table);
    for (let look = 0; look < 4; look++) await looks.next();
    expect(answers).toEqual([]);
    socket.write('an answer');
    await peer.hears('an answer');
    await peer.kill();
    expect(await told).toBe('gone');
  });

  test('because it has closed is gone', async () => {
    const { peer, socket } = await connectTo('127.0.0.1');
    peer.close();
    await ended(socket);
    expect(await watch(socket).told).toBe('gone');
  });

  test('and is stopped by a signal is there still', async () => {
    const { peer, socket } = await connectTo('127.0.0.1');
    peer.end();
    await ended(socket);
    peer.pause();
    const looks = new CountedLooks();
    const { answers } = watch(socket, looks.table);
    for (let look = 0; look < 3; look++) await looks.next();
    expect(answers).toEqual([]);
  });
});

describe('with a table that shows what a test wants', () => {
  const entry = (inode: string): SocketEntry => ({ local: '', remote: '', state: '05', uid: 0, inode });
  let socket: Socket;
  let shown: SocketEntry | undefined;
  let looks: CountedLooks;
  beforeEach(async () => {
    ({ socket } = await connectTo('127.0.0.1'));
    shown = entry('7');
    looks = new CountedLooks(async () => new Map(shown ? [[peerName(socket)!, shown]] : []));
  });

  test('a peer that is missing once may have been missed; twice, it is gone', async () => {
    const inodes = ['7', undefined, '7', undefined, undefined];
    const scripted: CountedLooks = new CountedLooks(async () => {
      const inode = inodes[scripted.count];
      return new Map(inode === undefined ? [] : [[peerName(socket)!, entry(inode)]]);
    });
    expect(await watch(socket, scripted.table).told).toBe('gone');
    expect(scripted.count).toBe(5);
  });

  test('a peer that was never shown is unknown', async () => {
    shown = undefined;
    expect(await watch(socket, looks.table).told).toBe('unknown');
    expect(looks.count).toBe(2);
  });

  test('a peer is unknown where there is no table', async () => {
    const table = new PeerTable(async () => Promise.reject(new Error('ENOENT')));
    expect(await watch(socket, table).told).toBe('unknown');
  });

  test('a table that cannot be read for a while tells nothing of a peer that it has shown', async () => {
    let looksUntilRight = 3;
    const table = new PeerTable(async () => {
      looksUntilRight--;
      if (looksUntilRight === 1) throw new Error('EMFILE');
      return new Map([[peerName(socket)!, entry(looksUntilRight === 2 ? '7' : '0')]]);
    });
    expect(await watch(socket, table).told).toBe('gone');
    expect(looksUntilRight).toBe(0);
  });

  test('a peer is told of once, and nothing runs after that, nor after the watch was ended', async () => {
    shown = entry('0');
    const first = watch(socket, looks.table);
    await first.told;
    shown = entry('7');
    const second = watch(socket, looks.table);
    await looks.next();
    second.end();
    // A look that was under way may still end.
    await sleep(100);
    const { count } = looks;
    await sleep(300);
    expect({ answers: [...first.answers, ...second.answers], looks: looks.count }).toEqual({ answers: ['gone'], looks: count });
  });

  test('all share a look, and who joins is looked for soon, however long the pauses have become', async () => {
    const all = new HalfCloseWatch(looks.table);
    const ends = Array.from({ length: 500 }, () => all.watch(socket, () => undefined));
    for (let look = 0; look < 5; look++) await looks.next();
    expect(looks.count).toBeLessThan(100);
    const joined = looks.next();
    ends.push(all.watch(socket, () => undefined));
    await joined;
    for (const end of ends) end();
  });
});
