import { Doorman } from './support/doorman';
import { scenario } from './support/scenario';

scenario('status, list and logs, ten times: no call to AWS, no connection to the database', async ({ aws, postgres, open, connect, closeAll }) => {
  const doorman = await Doorman.before(postgres);
  aws.hosts.map(aws.clusters.get().endpoint, doorman);
  const { pid, port } = await open();
  const before = doorman.visitors;
  expect(before).toBeGreaterThan(0);
  aws.calls.clear();
  for (let time = 0; time < 10; time++) {
    const [status, list, logs] = await Promise.all(['status ahbodedb --json', 'list --json', 'logs ahbodedb --json'].map(async (args) => connect(args)));
    expect(status).toMatchObject({ exit: 0, json: { name: 'ahbodedb', status: 'OPEN', tunnels: [{ pid, port, status: 'OPEN' }] } });
    expect(list).toMatchObject({ exit: 0, json: [{ pid, port, name: 'ahbodedb' }] });
    expect(logs).toMatchObject({ exit: 0, json: { logs: [{ tunnel: { pid } }] } });
  }
  expect(aws.calls.all()).toEqual([]);
  expect(doorman.visitors).toBe(before);
  await closeAll();
  await doorman.close();
}, { timeout: 60_000 });

scenario('a look at a stopped bastion\'s tunnel does not start it', async ({ aws, open, connect, closeAll }) => {
  await open();
  const bastion = aws.instances.get();
  bastion.stop();
  await bastion.whenState('stopped');
  for (const look of ['status ahbodedb', 'list', 'logs ahbodedb']) await connect(look);
  expect(aws.calls.of('StartInstances')).toEqual([]);
  expect(bastion.state).toBe('stopped');
  await closeAll();
});

scenario('status of what was never opened is CLOSED, exit code 9', async ({ aws, connect }) => {
  expect(await connect('status ahbodedb')).toMatchObject({ exit: 9, stdout: 'ahbodedb  CLOSED\n' });
  expect(aws.calls.all()).toEqual([]);
});

scenario('the log says what the worker did', async ({ open, connect, closeAll }) => {
  const { sessionId } = await open();
  expect((await connect('logs ahbodedb')).stdout).toContain(sessionId);
  await closeAll();
});

scenario('targets lists what has a descriptor, and says which parameters are none', async ({ aws, connect }) => {
  aws.parameters.put('/tunnelable-rds/odd', 'not json');
  const { exit, stdout, stderr } = await connect('targets');
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^ahbodedb +aurora-postgresql +5432 +writer,reader +vpc-main-bastion/m);
  expect(stderr).toContain('odd');
  expect((await connect('targets --json')).json).toMatchObject([{ name: 'ahbodedb', roles: ['writer', 'reader'], exid: 'vpc-main-bastion' }]);
});
