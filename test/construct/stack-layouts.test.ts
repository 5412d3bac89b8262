import { type App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { descriptorOf, POSTGRES, someCluster, testApp } from './support';
import { TunnelableRdsCluster, TunnelBastion } from '../../src';

/** Where each part of a layout is: stacks of one name are one stack. */
interface Layout {
  /** The stack of a shared bastion; without it the target has its own. */
  readonly bastion?: string;
  readonly target: string;
  readonly grantee: string;
}

const TARGETS: Omit<Layout, 'grantee'>[] = [
  { target: 'ClusterStack' },
  { target: 'ThirdStack' },
  { target: 'ClusterStack', bastion: 'BastionStack' },
  { target: 'ThirdStack', bastion: 'BastionStack' },
  { target: 'BastionStack', bastion: 'BastionStack' },
  { target: 'ThirdStack', bastion: 'ClusterStack' },
  { target: 'ClusterStack', bastion: 'ClusterStack' },
];
const GRANTEES = ['VpcStack', 'ClusterStack', 'BastionStack', 'ThirdStack', 'GranteeStack'];
const LAYOUTS: Layout[] = TARGETS.flatMap((target) => GRANTEES.map((grantee) => ({ ...target, grantee })));

function build(layout: Layout): App {
  const app = testApp();
  const stack = (name: string): Stack => (app.node.tryFindChild(name) as Stack | undefined) ?? new Stack(app, name);
  const vpc = new ec2.Vpc(stack('VpcStack'), 'Vpc');
  const cluster = someCluster(stack('ClusterStack'), { vpc, engine: POSTGRES });
  const bastion = layout.bastion && new TunnelBastion(stack(layout.bastion), 'Bastion', { vpc, exid: 'vpc-main-bastion' });
  const tunnel = new TunnelableRdsCluster(stack(layout.target), 'Tunnel', { targetName: 'db', cluster, ...(bastion ? { bastion } : { vpc }) });
  tunnel.grantConnect(new iam.Role(stack(layout.grantee), 'Developers', { assumedBy: new iam.AccountRootPrincipal() }));
  return app;
}

function stacksOf(app: App): Stack[] {
  return app.node.children.filter((child): child is Stack => Stack.isStack(child));
}

test.each(LAYOUTS)('target in $target, shared bastion in $bastion, grantee in $grantee: no cycle, no instance exported', (layout) => {
  const app = build(layout);
  expect(() => app.synth()).not.toThrow();
  for (const stack of stacksOf(app)) {
    const template = Template.fromStack(stack);
    const instances = Object.keys(template.findResources('AWS::EC2::Instance'));
    const outputs = JSON.stringify(template.findOutputs('*'));
    expect(instances.filter((id) => outputs.includes(id))).toEqual([]);
  }
  const [target, grantee] = [layout.target, layout.grantee].map((name) => app.node.findChild(name) as Stack);
  expect(grantee!.dependencies).not.toContain(target);
  Template.fromStack(target!).hasResourceProperties('AWS::IAM::ManagedPolicy', { Roles: [Match.anyValue()] });
});

test.each(TARGETS)('target in $target, shared bastion in $bastion: what connect reads is whole', (layout) => {
  const app = build({ ...layout, grantee: 'GranteeStack' });
  const descriptor = descriptorOf(app.node.findChild(layout.target) as Stack, 'db');
  expect(descriptor.target).toMatchObject({ port: 5432, host: { writer: expect.stringMatching(/^endpoint\.address-of-cluster/) } });
  const isHinted = layout.bastion === undefined || layout.bastion === layout.target;
  expect(descriptor.bastion.instanceId).toEqual(isHinted ? expect.stringMatching(/^ref-of-.*Instance/) : undefined);
});

test('the rules and the grant are in the stack of the target', () => {
  const app = build({ target: 'ThirdStack', bastion: 'BastionStack', grantee: 'GranteeStack' });
  const owners = (type: string): string[] => stacksOf(app)
    .filter((stack) => Object.keys(Template.fromStack(stack).findResources(type)).length > 0)
    .map((stack) => stack.stackName);
  expect(owners('AWS::EC2::SecurityGroupIngress')).toEqual(['ThirdStack']);
  expect(owners('AWS::EC2::SecurityGroupEgress')).toEqual(['ThirdStack']);
  expect(owners('AWS::SSM::Parameter')).toEqual(['ThirdStack']);
  expect(owners('AWS::IAM::ManagedPolicy')).toEqual(['BastionStack', 'ThirdStack']);
});
