import { once } from 'node:events';
import { createServer } from 'node:net';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { type Child, startChild } from '../support/child-process';
import { ORDERS_TEMPLATE } from '../support/orders-stack';
import { sdkClients } from '../support/sdk-clients';

const MAIN = require.resolve('./main.ts');
const EXPORTED = ['AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

let main: Child;
afterEach(() => main.stop('SIGKILL'));

function startMain(...args: string[]): Child {
  return startChild(process.execPath, ['--import', 'tsx', MAIN, ...args]);
}

async function environment(): Promise<Record<string, string>> {
  const lines = await Promise.all(EXPORTED.map((name) => main.line(new RegExp(`^export (${name})='(.*)'$`))));
  return Object.fromEntries(lines.map(([, name, value]) => [name!, value!]));
}

test('prints an environment that works, a line for each call, and goes at Ctrl-C', async () => {
  main = startMain('--template', ORDERS_TEMPLATE, '--region', 'eu-west-1', '--map', 'orders.example:5432=127.0.0.1:1');
  const exported = await environment();
  const clients = sdkClients(exported);
  const { Parameter } = await clients.ssm.send(new GetParameterCommand({ Name: '/tunnelable-rds/orders' }));
  expect(Parameter!.ARN).toContain(':eu-west-1:');
  await main.line(/ ssm:GetParameter eu-west-1 succeeded \{"Name":"\/tunnelable-rds\/orders"\}$/);
  clients.destroy();
  expect(await main.stop('SIGINT')).toBe(0);
  const port = Number(new URL(exported.AWS_ENDPOINT_URL!).port);
  const successor = createServer().listen(port, '127.0.0.1');
  await once(successor, 'listening');
  successor.close();
});

test.each([
  ['no template', [], /npm run local-aws/, 2],
  ['a template that is not there', ['--template', '/nowhere/X.template.json'], /ENOENT.*\/nowhere\/X\.template\.json/, 1],
  ['a mapping without a port', ['--template', ORDERS_TEMPLATE, '--map', 'orders=127.0.0.1'], /--map orders=127\.0\.0\.1: expected/, 1],
])('fails when it is given %s', async (_, args, message, exit) => {
  main = startMain(...args);
  const ended = once(main.process, 'exit');
  await main.line(message);
  expect((await ended)[0]).toBe(exit);
});
