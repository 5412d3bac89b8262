import { connect, type Socket } from 'node:net';
import type { LayerName } from '../../../src/tunnel/doctor/diagnosis';
import { LAYERS } from '../../../src/tunnel/doctor/layers';
import { Debts, type Known, type Patient } from '../../../src/tunnel/doctor/patient';
import type { Carrier } from '../../../src/tunnel/transport/carrier';
import { answer, answerTo, hangUp, overTls, serve, silence, type Talk } from '../probe-servers';
import { TARGET } from '../some-target';

const LOG = { debug() {}, info() {}, warn() {}, error() {} };
const debts = new Debts();
afterEach(async () => debts.settle({ log: LOG }));

/** A session that leads to a server of the test. */
async function carrierTo(talk: Talk): Promise<Carrier> {
  const port = await serve(talk);
  const forward = (socket: Socket): void => {
    const far = connect({ port, host: '127.0.0.1' }).on('error', () => socket.destroy());
    socket.on('error', () => far.destroy()).once('close', () => far.destroy());
    socket.pipe(far).pipe(socket);
  };
  return { id: 'a-1', isOpen: true, ended: new Promise(() => undefined), forward, close: async () => undefined };
}

/** Looks at layers in turn, which know of each other. */
async function look(talk: Talk, engine: string, ...layers: LayerName[]): Promise<unknown> {
  const known: Known = { target: { ...TARGET, host: 'database.example', engine }, carrier: await carrierTo(talk) };
  let found: unknown;
  for (const name of layers) {
    const patient: Patient = {
      request: { prefix: '/p', start: false, timeout: 1000, version: '1' },
      context: { aws: {}, log: LOG, signal: new AbortController().signal },
      known,
      until: Date.now() + 1_000,
      atEnd: (giveBack) => debts.add(giveBack),
    };
    found = await LAYERS.find((layer) => layer.name === name)!.look(patient);
  }
  return found;
}

test('a host that says something is reached, be it nonsense; a database that says only that does not answer', async () => {
  const nonsense = answer(8, 'X');
  expect(await look(nonsense, 'postgres', 'forwarding')).toMatchObject({ message: expect.stringContaining('is reached') });
  await expect(look(nonsense, 'postgres', 'forwarding', 'database')).rejects.toMatchObject({
    code: 'DATABASE_SILENT', message: 'database.example:5432 does not answer as postgres does', next: expect.stringContaining('security groups'),
  });
});

test('a host that hangs up at once was not reached', async () => {
  await expect(look(hangUp, 'postgres', 'forwarding')).rejects.toMatchObject({ code: 'DATABASE_SILENT', message: expect.stringContaining('could not connect to database.example') });
});

test('a host that says nothing is no failure yet', async () => {
  expect(await look(silence, 'postgres', 'forwarding')).toMatchObject({ status: 'remark', message: expect.stringContaining('has not said a word') });
}, 15_000);

test.each<[string, string, Talk, object]>([
  ['nobody here knows its authority', 'opensearch', overTls(silence), { status: 'remark', next: expect.stringContaining('NODE_EXTRA_CA_CERTS') }],
  ['a database that can but does not', 'postgres', answer(8, 'N'), { status: 'remark', message: expect.stringContaining('the database offers no TLS') }],
  ['it speaks plain text only', 'redis', answerTo('PING\r\n', '+PONG\r\n'), { status: 'skipped' }],
])('TLS: %s', async (_, engine, talk, finding) => {
  expect(await look(talk, engine, 'forwarding', 'tls')).toMatchObject(finding);
}, 15_000);

test('TLS is not looked at where the engine\'s language is not spoken here', async () => {
  expect(await look(silence, 'oracle', 'tls')).toMatchObject({ status: 'skipped', message: expect.stringContaining('oracle') });
});
