import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { HalfClosedPeer, WatchHalfClosed } from '../../../src/session';
import { eventually } from '../../support/eventually';
import { SessionLab } from '../session-lab';

let lab: SessionLab;
afterEach(() => lab?.close());

/** A watch whose findings a test decides on. */
class StagedWatch {
  readonly watched: Socket[] = [];
  ended = 0;
  tell!: (peer: HalfClosedPeer) => void;

  readonly watch: WatchHalfClosed = (socket, tell) => {
    this.watched.push(socket);
    this.tell = tell;
    return () => { this.ended++; };
  };
}

/** A target that says nothing by itself, and whose connection a test holds. */
async function openHalfClosed(halfCloseTimeout: number): Promise<{ staged: StagedWatch; target: Socket; client: Socket }> {
  let reached!: (socket: Socket) => void;
  const connected = new Promise<Socket>((resolve) => { reached = resolve; });
  lab = await SessionLab.start({ target: (socket) => reached(socket.resume()) });
  const staged = new StagedWatch();
  const session = await lab.open({ watchHalfClosed: staged.watch, halfCloseTimeout });
  const client = await lab.connect(session);
  client.end('question');
  const target = await connected;
  await eventually(() => staged.watched.length, (count) => count === 1);
  return { staged, target, client };
}

test('a peer that reads on is waited for, whatever the time-out of silence is', async () => {
  const { staged, target, client } = await openHalfClosed(1);
  // A round trip in which a FIN that had been sent would have come first.
  target.write('the first part');
  expect((await once(client, 'data'))[0].toString()).toBe('the first part');
  expect(target.readableEnded).toBe(false);
  target.end(' and the last');
  expect((await once(client, 'data'))[0].toString()).toBe(' and the last');
  await once(client, 'close');
  await eventually(() => staged.ended, (count) => count > 0);
});

test('the target hears at once of a peer that is gone', async () => {
  const { staged, target, client } = await openHalfClosed(3_600_000);
  client.on('error', () => undefined).destroy();
  staged.tell('gone');
  await once(target, 'end');
});

test('a peer of which nothing can be told is taken to be gone when it has been silent for a while', async () => {
  const { staged, target } = await openHalfClosed(50);
  staged.tell('unknown');
  await once(target, 'end');
});
