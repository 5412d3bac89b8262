import { chmodSync, mkdirSync } from 'node:fs';
import { LATE_TLS, serve } from '../tunnel/probe-servers';
import { exampleDescriptor, putDescriptor } from './support/descriptor';
import { freePort } from './support/listener';
import { scenario } from './support/scenario';
import type { ConnectOptions, World } from './support/world';

const LAYERS = ['node', 'credentials', 'region', 'descriptor', 'tunnel', 'bastion', 'document', 'grant', 'session', 'forwarding', 'database', 'tls', 'end'];
const NO_KEYS = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined };

interface Breakage {
  readonly layer: string;
  readonly when: string;
  readonly exit: number;
  /** In the message, or in what to type. */
  readonly says: string;
  readonly args?: string;
  readonly environment?: ConnectOptions['environment'];
  readonly break?: (world: World) => void | Promise<void>;
  readonly mend?: (world: World) => void;
}

/** Breaks one thing, and sees that the doctor names its layer, goes no further and leaves nothing; then mends it. */
async function isFound(world: World, breakage: Breakage): Promise<void> {
  const { layer, when, args = 'ahbodedb', exit: expected, says, environment } = breakage;
  await breakage.break?.(world);
  const { exit, json, stderr } = await world.connect(`doctor ${args} --json`, { environment });
  breakage.mend?.(world);
  world.aws.faults.clear();
  const at = LAYERS.indexOf(layer);
  const statuses = json.layers.map(({ status }: { status: string }) => status);
  expect({ when, exit, ok: json.ok, stderr, failed: json.layers[statuses.indexOf('failed')]?.layer }).toEqual({ when, exit: expected, ok: false, stderr: '', failed: layer });
  expect(statuses.slice(at + 1).every((status: string) => status === 'unreached')).toBe(true);
  expect(json.layers[at]).toMatchObject({ message: expect.stringMatching(/\S/), next: expect.stringMatching(/\S/) });
  expect(`${json.layers[at].message}; ${json.layers[at].next}`).toContain(says);
  expect(world.aws.sessions.open()).toEqual([]);
}

scenario('a walk through all layers ends well, changes nothing and leaves nothing', async ({ aws, connect, nothingLeft }) => {
  const { exit, stdout, stderr } = await connect('doctor ahbodedb');
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const bastion = aws.instances.get();
  expect([...stdout.matchAll(/^(?:ok|remark) +(\S+)/gm)].map(([, layer]) => layer)).toEqual(LAYERS);
  expect(stdout).toMatch(/^ok {7}credentials {2}arn:aws:sts::123456789012:assumed-role\/Developer\/alice, account 123456789012, from the environment/m);
  expect(stdout).toMatch(/^ok {7}region {7}us-east-1, from AWS_REGION/m);
  expect(stdout).toContain(`${bastion.id} is running, agent 3.3.987.0 online, last ping`);
  expect(stdout).toMatch(/^remark {3}tls .*is for ahbodedb\S+, signed by Test authority, .*nobody here knows that authority/m);
  expect(aws.calls.of('StartSession').map(({ input }) => input.Reason)).toEqual(['connect doctor']);
  expect(aws.calls.of('StartInstances').map(({ errorCode }) => errorCode)).toEqual(['DryRunOperation']);
  expect(aws.calls.succeeded('TerminateSession')).not.toEqual([]);
  await nothingLeft();
});

const BEFORE_BASTION: readonly Breakage[] = [
  {
    layer: 'node',
    when: 'the folder is open to others',
    exit: 2,
    says: 'chmod 700',
    break: ({ tunnels }) => {
      mkdirSync(tunnels, { recursive: true });
      chmodSync(tunnels, 0o755);
    },
    mend: ({ tunnels }) => chmodSync(tunnels, 0o700),
  },
  { layer: 'credentials', when: 'there are none', exit: 8, says: 'aws ', environment: NO_KEYS },
  {
    layer: 'credentials', when: 'they have expired', exit: 8, says: 'expired', break: ({ aws }) => aws.credentials.expire(), mend: ({ aws }) => aws.credentials.renew(),
  },
  { layer: 'region', when: 'there is none', exit: 2, says: '--region', environment: { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined } },
  { layer: 'descriptor', when: 'there is no such target', exit: 3, says: 'connect targets', args: 'nosuch' },
  { layer: 'descriptor', when: 'it is of another account', exit: 3, says: '210987654321', break: ({ aws }) => putDescriptor(aws, { account: '210987654321' }) },
];

const documentOf = ({ aws }: World): string => exampleDescriptor(aws).document.writer.name;

const BEFORE_SESSION: readonly Breakage[] = [
  { layer: 'bastion', when: 'it may not be looked for', exit: 8, says: 'ec2:DescribeInstances', break: ({ aws }) => aws.faults.deny('DescribeInstances') },
  {
    layer: 'bastion',
    when: 'its agent is gone',
    exit: 5,
    says: 'not online (ConnectionLost), last ping',
    break: ({ aws }) => aws.instances.get().takeAgentOffline(),
    mend: ({ aws }) => aws.instances.get().bringAgentOnline(),
  },
  {
    layer: 'grant',
    when: 'the bastion is stopped and may not be started',
    exit: 8,
    says: 'ec2:StartInstances is not allowed',
    break: ({ aws }) => {
      aws.instances.get().force('stopped');
      aws.faults.deny('StartInstances');
    },
  },
  { layer: 'session', when: 'the bastion is stopped, and starting it was not asked for', exit: 5, says: 'connect doctor ahbodedb --start', mend: ({ aws }) => aws.instances.get().force('running') },
  { layer: 'session', when: 'none may be started', exit: 8, says: 'ssm:StartSession is not allowed', break: ({ aws }) => aws.faults.deny('StartSession') },
  {
    layer: 'document',
    when: 'it leads elsewhere',
    exit: 6,
    says: 'it leads to elsewhere.example:5432',
    break: (world) => world.aws.documents.put(documentOf(world), {
      schemaVersion: '1.0', sessionType: 'Port', properties: { type: 'LocalPortForwarding', host: 'elsewhere.example', portNumber: '5432' },
    }),
  },
  { layer: 'document', when: 'it is not there', exit: 3, says: 'cdk deploy', break: (world) => world.aws.documents.delete(documentOf(world)) },
  { layer: 'bastion', when: 'it is not there', exit: 3, says: 'exid=vpc-main-bastion', break: ({ aws }) => aws.instances.get().terminate() },
];

const BEHIND_SESSION: readonly Breakage[] = [
  {
    layer: 'forwarding',
    when: 'nobody listens there',
    exit: 7,
    says: 'the bastion could not connect',
    break: async ({ aws }) => aws.hosts.map(aws.clusters.get().endpoint, { host: '127.0.0.1', port: await freePort() }),
  },
  {
    layer: 'tls',
    when: 'the certificate is another\'s',
    exit: 7,
    says: 'is for database.example',
    break: async ({ aws }) => aws.hosts.map(aws.clusters.get().endpoint, { host: '127.0.0.1', port: await serve(LATE_TLS) }),
  },
];

for (const [where, breakages] of [['before the bastion', BEFORE_BASTION], ['before the session', BEFORE_SESSION], ['behind the session', BEHIND_SESSION]] as const) {
  scenario(`names the layer that fails ${where}: ${breakages.map(({ layer, when }) => `${layer} (${when})`).join(', ')}`, async (world) => {
    for (const breakage of breakages) await isFound(world, breakage);
    expect(world.aws.calls.succeeded('StartInstances')).toEqual([]);
    await world.nothingLeft();
  }, { timeout: 90_000 });
}

scenario('starts a bastion that is stopped where it is told to', async ({ aws, connect, nothingLeft }) => {
  aws.instances.get().force('stopped');
  const { exit, stdout, stderr } = await connect('doctor ahbodedb --start --reason ticket-42');
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^ok +bastion .* is stopped: `connect` starts it$/m);
  expect(stderr).toContain('is stopped: starting it');
  expect(aws.calls.succeeded('StartInstances')).toHaveLength(1);
  expect(aws.calls.of('StartSession').at(-1)!.input.Reason).toBe('ticket-42');
  await nothingLeft();
});

scenario('goes on without the rights that nobody needs to connect, and says so', async ({ aws, open, connect, closeAll }) => {
  const { port, pid } = await open();
  for (const operation of ['DescribeInstanceInformation', 'GetDocument', 'StopInstances', 'ResumeSession', 'TerminateSession']) aws.faults.deny(operation);
  const { exit, json } = await connect('doctor ahbodedb --json');
  expect({ exit, ok: json.ok }).toEqual({ exit: 0, ok: true });
  expect(json.layers.map(({ layer, status }: { layer: string; status: string }) => [layer, status])).toEqual(
    LAYERS.map((layer) => [layer, ['bastion', 'document', 'session', 'tls', 'end'].includes(layer) ? 'remark' : 'ok']));
  expect(json.layers[LAYERS.indexOf('tunnel')].message).toBe(`open on 127.0.0.1:${port}, pid ${pid}, 1 session`);
  expect(json.versions.agent).toBe('3.3.987.0');
  aws.faults.clear();
  await closeAll();
});

scenario('without a target it ends where targets are listed', async ({ aws, connect }) => {
  expect(await connect('doctor')).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^ok +descriptor +1 target under \/tunnelable-rds: ahbodedb$/m) });
  aws.faults.deny('GetParametersByPath');
  expect(await connect('doctor')).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^remark +descriptor .*ssm:GetParametersByPath is not allowed/m) });
  expect(aws.calls.of('StartSession')).toEqual([]);
});

scenario('a session that is interrupted in its handshake is ended', async ({ aws, start, watch, nothingLeft }) => {
  aws.gateway.faults.agent.silentSessions = 1;
  const started = new Promise((resolve) => { aws.calls.on('ended', ({ operation }) => operation === 'StartSession' && resolve(undefined)); });
  const running = start('doctor ahbodedb');
  await started;
  running.kill('SIGINT');
  const { exit, stdout, stderr } = await watch(running);
  expect({ exit, stderr: stderr.includes('ended by SIGINT') }).toEqual({ exit: 130, stderr: true });
  expect(stdout).toMatch(/^(ok|remark) +grant/m);
  expect(stdout).not.toMatch(/ session /);
  expect(aws.calls.succeeded('TerminateSession')).toHaveLength(1);
  await nothingLeft();
});
