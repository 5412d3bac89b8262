import { startPostgres } from '../support/postgres';
import { exampleDescriptor, putDescriptor, putText } from './support/descriptor';
import { Doorman } from './support/doorman';
import { freePort } from './support/listener';
import { scenario } from './support/scenario';
import type { World } from './support/world';

interface Failing {
  readonly when: string;
  readonly args?: string;
  readonly exit: number;
  readonly says: readonly string[];
  readonly environment?: (world: World) => Record<string, string | undefined>;
  readonly arrange?: (world: World) => void;
}

const FAILING: readonly Failing[] = [
  { when: 'there is no such target', args: 'nosuch', exit: 3, says: ['nosuch', 'connect targets'] },
  {
    when: 'there is no such target under another prefix', args: 'ahbodedb --prefix /team/tunnels', exit: 3, says: ['/team/tunnels'],
  },
  { when: 'the bastion is gone', exit: 3, says: ['exid=vpc-main-bastion'], arrange: ({ aws }) => aws.instances.get().terminate() },
  { when: 'the bastion was never there', args: '--bastion nosuch --cluster ahbodedb', exit: 3, says: ['exid=nosuch'] },
  { when: 'there is no such cluster', args: '--bastion vpc-main-bastion --cluster nosuch', exit: 3, says: ['nosuch'] },
  {
    when: 'the descriptor is of an unknown version',
    exit: 3,
    says: ['version 9'],
    arrange: ({ aws }) => putText(aws, 'ahbodedb', JSON.stringify({ ...exampleDescriptor(aws), version: 9 })),
  },
  { when: 'the descriptor is no JSON', exit: 3, says: ['not JSON'], arrange: ({ aws }) => putText(aws, 'ahbodedb', '<xml/>') },
  {
    when: 'the target has no reader',
    args: 'ahbodedb --role reader',
    exit: 3,
    says: ['reader'],
    arrange: ({ aws }) => {
      const { target, document } = exampleDescriptor(aws);
      putDescriptor(aws, { target: { ...target, host: { writer: target.host.writer } }, document: { writer: document.writer } });
    },
  },
  {
    when: 'there are no credentials',
    exit: 8,
    says: ['ssm:GetParameter', 'aws '],
    environment: () => ({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined }),
  },
  {
    when: 'there is no such profile', args: 'ahbodedb --profile nosuch', exit: 8, says: ['there is no profile "nosuch" in ', 'aws configure sso --profile nosuch'],
  },
  { when: 'the credentials have expired', exit: 8, says: ['ssm:GetParameter', 'expired', 'aws sso login'], arrange: ({ aws }) => aws.credentials.expire() },
  { when: 'the descriptor may not be read', exit: 8, says: ['ssm:GetParameter', 'not allowed', 'grantConnect'], arrange: ({ aws }) => aws.faults.deny('GetParameter') },
  { when: 'a session may not be started', exit: 8, says: ['ssm:StartSession', 'not allowed'], arrange: ({ aws }) => aws.faults.deny('StartSession') },
  {
    when: 'the bastion may not be started',
    exit: 8,
    says: ['ec2:StartInstances', 'not allowed'],
    arrange: ({ aws }) => {
      aws.instances.get().force('stopped');
      aws.faults.deny('StartInstances');
    },
  },
];

for (const { when, args = 'ahbodedb', exit: expected, says, environment, arrange } of FAILING) {
  scenario(`fails with exit code ${expected} when ${when}, and leaves nothing`, async (world) => {
    arrange?.(world);
    const { exit, stdout, stderr } = await world.connect(`${args} --port 0`, { environment: environment?.(world) });
    expect({ exit, stdout, stderr }).toEqual({ exit: expected, stdout: '', stderr: expect.stringMatching(/^next: {2}\S/m) });
    for (const text of says) expect(stderr).toContain(text);
    expect(stderr).not.toMatch(/^\s+at /m);
    await world.nothingLeft();
  });
}

scenario('fails with exit code 7 when PostgreSQL is down behind the tunnel', async ({ aws, connect, nothingLeft }) => {
  aws.hosts.map(aws.clusters.get().endpoint, { host: '127.0.0.1', port: await freePort() });
  const { exit, stderr } = await connect('ahbodedb --port 0 --timeout 5');
  expect(exit).toBe(7);
  expect(stderr).toContain('the database did not answer');
  await nothingLeft();
});

scenario('a database that falls silent behind an open tunnel: it is said for how long it was asked', async ({ aws, postgres, open, connect, atEnd, closeAll }) => {
  const doorman = await Doorman.before(postgres);
  atEnd(async () => doorman.close());
  aws.hosts.map(aws.clusters.get().endpoint, doorman);
  await open();
  doorman.stall();
  const { exit, stderr } = await connect('ahbodedb --port 0 --timeout 3');
  expect(exit).toBe(7);
  expect(stderr).toMatch(/the database did not answer within [23] s/);
  await closeAll();
});

scenario('a database that answers after 25 s is waited for, visibly', async ({ aws, start, watch, closeAll, ports }) => {
  const port = await freePort();
  aws.hosts.map(aws.clusters.get().endpoint, { host: '127.0.0.1', port });
  const running = start('ahbodedb --port 0 --timeout 60');
  await running.says('waiting for ahbodedb to answer');
  await new Promise((resolve) => setTimeout(resolve, 25_000));
  const late = await startPostgres(port);
  try {
    expect(await watch(running)).toMatchObject({ exit: 0, stdout: expect.stringContaining('127.0.0.1:') });
    expect(ports.size).toBe(1);
    await closeAll();
  } finally {
    await late.stop();
  }
}, { timeout: 60_000 });
