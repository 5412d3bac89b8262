import type { SessionDocument } from '../local-aws/state/session-document';
import { eventually } from '../support/eventually';
import { buildStandIns } from './stand-in';
import { exampleDescriptor, putDescriptor } from './support/descriptor';
import { scenario } from './support/scenario';
import type { World } from './support/world';

const WRITER = 'tunnel-ahbodedb-writer-0123abcd';
const READER = 'tunnel-ahbodedb-reader-0123abcd';
const TIMED_OUT = 'Your session timed out due to inactivity and has been terminated.';

let standIns: Awaited<ReturnType<typeof buildStandIns>>;
beforeAll(async () => {
  standIns = await buildStandIns('aws', 'session-manager-plugin');
});
afterAll(async () => {
  await standIns?.remove();
});

/** A document that leads to one host and takes the local port only, as the construct writes it. */
function fixedDocument(host: string, inputs?: SessionDocument['inputs']): SessionDocument {
  return {
    schemaVersion: '1.0',
    description: 'Forwards to one host and port',
    sessionType: 'Port',
    inputs,
    parameters: { localPortNumber: { type: 'String', description: 'The port to listen on at home; 0 for any', default: '0', allowedPattern: '^[0-9]{1,5}$' } },
    properties: { type: 'LocalPortForwarding', host, portNumber: '5432', localPortNumber: '{{ localPortNumber }}' },
  };
}

/** Has the descriptor name documents that fix host and port, which are there. */
function useFixedDocuments({ aws }: World, inputs?: SessionDocument['inputs']): void {
  const { writer, reader } = exampleDescriptor(aws).target.host;
  aws.documents.put(WRITER, fixedDocument(writer, inputs));
  aws.documents.put(READER, fixedDocument(reader!, inputs));
  putDescriptor(aws, { document: { writer: { name: WRITER, fixed: true }, reader: { name: READER, fixed: true } } });
}

const TRANSPORTS = [
  { transport: 'native', args: 'ahbodedb --port 0', client: () => ({}) },
  { transport: 'aws-cli', args: 'ahbodedb --port 0 --transport aws-cli', client: () => ({ environment: { PATH: `${standIns.folder}:${process.env.PATH}` } }) },
] as const;

/** Until the worker knows that its session is over. @returns what it says then */
async function lastError({ status }: World): Promise<string> {
  const { lastError: said } = await eventually(status, ({ sessionId }) => sessionId === undefined);
  return said;
}

for (const { transport, args, client } of TRANSPORTS) {
  scenario(`${transport}: a session is started with the document of its role, and says neither host nor port`, async (world) => {
    useFixedDocuments(world);
    for (const [role, document] of [['writer', WRITER], ['reader', READER]] as const) {
      const { port, remote } = await world.open(`${args} --role ${role}`, client());
      expect(await world.query(port)).toBe(42);
      const { input } = world.aws.calls.succeeded('StartSession').at(-1)!;
      expect(input).toMatchObject({ DocumentName: document });
      expect(Object.keys(input.Parameters ?? {}).filter((name) => name !== 'localPortNumber')).toEqual([]);
      expect(world.aws.sessions.all().at(-1)!.properties).toMatchObject({ host: remote.host, portNumber: '5432' });
    }
    await world.closeAll();
  });

  scenario(`${transport}: after a new version of the document the next session goes to its host`, async (world) => {
    useFixedDocuments(world);
    const { port, sessionId } = await world.open(args, client());
    world.aws.hosts.map('moved.example', world.postgres);
    world.aws.documents.put(WRITER, fixedDocument('moved.example'));
    world.aws.gateway.terminate(sessionId);
    await lastError(world);
    expect(await world.query(port)).toBe(42);
    expect(world.aws.sessions.open().map(({ properties }) => properties.host)).toEqual(['moved.example']);
    await world.closeAll();
  });

  scenario(`${transport}: fails with exit code 3 when there is no such document`, async (world) => {
    putDescriptor(world.aws, { document: { writer: { name: 'tunnel-nothing', fixed: true } } });
    const { exit, stderr } = await world.connect(args, client());
    expect(exit).toBe(3);
    expect(stderr).toContain('there is no session document tunnel-nothing to forward with');
    expect(stderr).toContain('next:  deploy the stack of this target again: cdk deploy');
    await world.nothingLeft();
  });

  scenario(`${transport}: fails with exit code 6 when the document does not take what the descriptor says`, async (world) => {
    useFixedDocuments(world);
    putDescriptor(world.aws, { document: { writer: { name: WRITER, fixed: false } } });
    const { exit, stderr } = await world.connect(args, client());
    expect(exit).toBe(6);
    expect(stderr).toContain(`Parameters [host, portNumber] are not defined in document ${WRITER}`);
    await world.nothingLeft();
  });

  scenario(`${transport}: a session that was idle for too long is ended, it is said why, and the next connection opens another`, async (world) => {
    useFixedDocuments(world, { idleSessionTimeout: '5' });
    const { port, pid } = await world.open(args, client());
    world.aws.gateway.passMinutes(4);
    expect(await world.query(port)).toBe(42);
    world.aws.gateway.passMinutes(4);
    expect(world.aws.sessions.open()).toHaveLength(1);
    world.aws.gateway.passMinutes(1);
    expect(await lastError(world)).toBe(`the session ended: ${TIMED_OUT}`);
    expect((await world.connect('status ahbodedb')).stdout).toContain(TIMED_OUT);
    expect((await world.connect('logs ahbodedb')).stdout).toContain(`ended: ${TIMED_OUT}`);
    expect(await world.query(port)).toBe(42);
    const { lastError: nothing, ...again } = await world.open(args, client());
    expect({ nothing, ...again }).toEqual(expect.objectContaining({ nothing: undefined, pid, port, reused: true }));
    expect(world.aws.sessions.all()).toHaveLength(2);
    await world.closeAll();
  });

  scenario(`${transport}: a session that lasted for too long is ended though it is busy, and the next connection opens another`, async (world) => {
    useFixedDocuments(world, { maxSessionDuration: '60' });
    const { port } = await world.open(args, client());
    const cut = expect(world.query(port, 'select 42 from pg_sleep(600)')).rejects.toThrow();
    await eventually(world.status, ({ connections }) => connections === 1);
    world.aws.gateway.passMinutes(60);
    await cut;
    expect(await lastError(world)).toContain('the session ended: ');
    expect(await world.query(port)).toBe(42);
    await world.closeAll();
  });
}
