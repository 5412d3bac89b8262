import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PeerProcess } from '../support/peer-process';
import { SSL_REQUEST } from './support/byte-target';
import { scenario } from './support/scenario';
import type { World } from './support/world';

/** Longer than any silence that a half-closed connection has ever been ended for. */
const THINKING_MS = 12_000;
/** Where a client is seen to be gone; silence alone would take longer. */
const SOON_MS = 9_000;

/** A database that hears questions, and answers when a test does. */
class ThoughtfulDatabase {
  static async behind({ aws, atEnd }: World): Promise<ThoughtfulDatabase> {
    const database = new ThoughtfulDatabase();
    await once(database.server.listen(0, '127.0.0.1'), 'listening');
    atEnd(() => database.server.close());
    const { endpoint } = aws.clusters.get('ahbodedb');
    aws.hosts.map(endpoint, { host: '127.0.0.1', port: (database.server.address() as AddressInfo).port });
    return database;
  }

  private readonly server: Server;

  private constructor() {
    this.server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('end', () => socket.end());
      socket.on('data', (data) => {
        if (data.equals(SSL_REQUEST)) socket.write('N');
        else this.server.emit('question', socket, data.toString());
      });
    });
  }

  /** The next question, and who asks. */
  async question(): Promise<[asker: Socket, question: string]> {
    return await once(this.server, 'question') as [Socket, string];
  }
}

async function ask(world: World, question: string): Promise<{ client: PeerProcess; asker: Socket }> {
  const database = await ThoughtfulDatabase.behind(world);
  const { port } = await world.open();
  const asked = database.question();
  const client = await PeerProcess.connect(port);
  world.atEnd(() => client.kill());
  client.end(question);
  const [asker, heard] = await asked;
  expect(heard).toBe(question);
  return { client, asker };
}

scenario('a client that writes no more gets the whole answer, however long it takes', async (world) => {
  const { client, asker } = await ask(world, 'question');
  await sleep(THINKING_MS);
  const answer = 'answer'.repeat(20_000);
  asker.end(answer);
  await client.happens('end');
  expect(client.received.length).toBe(answer.length);
  expect(client.received === answer).toBe(true);
  await world.closeAll();
}, { timeout: 60_000 });

const WAYS_TO_GO: Readonly<Record<string, (client: PeerProcess) => unknown>> = {
  'is killed': async (client) => client.kill(),
  'closes': (client) => client.close(),
};

for (const [what, go] of Object.entries(WAYS_TO_GO)) {
  scenario(`the database soon hears of a client that writes no more and then ${what}`, async (world) => {
    const { client, asker } = await ask(world, 'question');
    const ended = once(asker, 'end');
    const begin = performance.now();
    await go(client);
    await ended;
    expect(performance.now() - begin).toBeLessThan(SOON_MS);
    await world.closeAll();
  }, { timeout: 60_000 });
}
