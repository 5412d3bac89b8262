import { readFile } from 'node:fs/promises';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Client } from 'pg';
import { AhbodedbStack } from '../../examples/ahbodedb/stack';
import { TunnelTarget } from '../../src';
import { testApp } from '../construct/support';
import type { LocalAws } from '../local-aws';
import { exampleTemplate } from '../support/example-template';
import { scenario } from './support/scenario';
import type { World } from './support/world';

interface SynthesizedTemplate {
  readonly Resources: Readonly<Record<string, { Type: string; Properties: any }>>;
}

/** The actions of the one policy of a template that is about something. */
function actionsGranted({ Resources }: SynthesizedTemplate, about: string): string[] {
  const policies = Object.entries(Resources).filter(([id, { Type }]) => Type === 'AWS::IAM::ManagedPolicy' && id.includes(about));
  expect(policies).toHaveLength(1);
  return sorted(policies[0]![1].Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string | string[] }) => Action));
}

/** What IAM was asked about so far. A data channel is no call: it is asked about where its WebSocket begins. */
function actionsCalled(aws: LocalAws): string[] {
  const calls = aws.calls.all().map(({ service, operation }) => `${service}:${operation}`);
  return sorted(aws.gateway.counters.upgrades > 0 ? [...calls, 'ssmmessages:OpenDataChannel'] : calls);
}

function sorted(actions: string[]): string[] {
  return [...new Set(actions)].sort();
}

/** Cuts the data channel under an open connection, which goes on. */
async function cutAndGoOn({ aws, postgres }: World, port: number): Promise<void> {
  const { user, password, database } = postgres;
  const client = new Client({ host: '127.0.0.1', port, user, password, database });
  await client.connect();
  const resumed = aws.calls.next('ResumeSession');
  aws.gateway.cut('bye');
  await resumed;
  expect((await client.query('select 42 as answer')).rows).toEqual([{ answer: 42 }]);
  await client.end();
}

scenario('connect calls all that grantConnect grants, and nothing else', async (world) => {
  const { aws, open, connect, query, closeAll } = world;
  const { port } = await open();
  await cutAndGoOn(world, port);
  expect(await open()).toMatchObject({ port, reused: true });
  for (const look of ['status ahbodedb', 'list', 'logs ahbodedb']) expect((await connect(look)).exit).toBe(0);
  await open('ahbodedb --role reader --port 0');
  await closeAll();

  const bastion = aws.instances.get();
  bastion.stop();
  await bastion.whenState('stopped');
  expect(await query((await open()).port)).toBe(42);
  await closeAll();

  const template = JSON.parse(await readFile(await exampleTemplate(), 'utf8')) as SynthesizedTemplate;
  expect(actionsCalled(aws)).toEqual(actionsGranted(template, 'ConnectPolicy'));
  const documents = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::SSM::Document').map(({ Properties }) => Properties.Name);
  expect(sorted(aws.calls.of('StartSession').map(({ input }) => input.DocumentName as string))).toEqual(documents.sort());
}, { timeout: 60_000 });

scenario('connect targets calls all that grantList grants, and nothing else', async ({ aws, connect }) => {
  expect((await connect('targets')).exit).toBe(0);
  const stack = new AhbodedbStack(testApp(), 'AhbodedbStack');
  const target = stack.node.findAll().find((construct) => construct instanceof TunnelTarget) as TunnelTarget;
  target.grantList(new iam.Role(stack, 'Listers', { assumedBy: new iam.AccountRootPrincipal() }));
  expect(actionsCalled(aws)).toEqual(actionsGranted(Template.fromStack(stack).toJSON() as SynthesizedTemplate, 'ListTargets'));
});
