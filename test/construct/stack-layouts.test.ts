import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import { TunnelableRdsCluster, TunnelBastion } from '../../src';
import { clusterProps, descriptorOf, exportedInstances, POSTGRES, someCluster, someVpc, stacksOf, testApp } from './support';

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

function build(layout: Layout, isGranted: boolean = true): App {
  const app = testApp();
  const stack = (name: string): Stack => (app.node.tryFindChild(name) as Stack | undefined) ?? new Stack(app, name);
  const vpc = new ec2.Vpc(stack('VpcStack'), 'Vpc');
  const cluster = someCluster(stack('ClusterStack'), { vpc, engine: POSTGRES });
  const bastion = layout.bastion && new TunnelBastion(stack(layout.bastion), 'Bastion', { vpc, exid: 'vpc-main-bastion' });
  const tunnel = new TunnelableRdsCluster(stack(layout.target), 'Tunnel', { targetName: 'db', cluster, ...(bastion ? { bastion } : { vpc }) });
  const developers = new iam.Role(stack(layout.grantee), 'Developers', { assumedBy: new iam.AccountRootPrincipal() });
  if (isGranted) tunnel.grantConnect(developers);
  return app;
}

/** Which stack comes after which. */
function orderOf(app: App): Record<string, string[]> {
  app.synth();
  return Object.fromEntries(stacksOf(app).map((stack) => [stack.stackName, stack.dependencies.map((other) => other.stackName).sort()]));
}

function owners(app: App, type: string): string[] {
  return stacksOf(app)
    .filter((stack) => Object.keys(Template.fromStack(stack).findResources(type)).length > 0)
    .map((stack) => stack.stackName);
}

test.each(LAYOUTS)('target in $target, shared bastion in $bastion, grantee in $grantee: no cycle, no instance exported', (layout) => {
  const app = build(layout);
  expect(() => app.synth()).not.toThrow();
  expect(exportedInstances(app)).toEqual([]);
  Template.fromStack(app.node.findChild(layout.grantee) as Stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
    Description: 'Connect to db by npx connect', Roles: [{ Ref: Match.stringLikeRegexp('^Developers') }],
  });
  expect(orderOf(app)).toEqual(orderOf(build(layout, false)));
});

test.each(TARGETS)('target in $target, shared bastion in $bastion: what connect reads is whole', (layout) => {
  const app = build({ ...layout, grantee: 'GranteeStack' });
  const descriptor = descriptorOf(app.node.findChild(layout.target) as Stack, 'db');
  expect(descriptor.target).toMatchObject({ port: 5432, host: { writer: expect.stringMatching(/^endpoint\.address-of-cluster/) } });
  const isHinted = layout.bastion === undefined || layout.bastion === layout.target;
  expect(descriptor.bastion.instanceId).toEqual(isHinted ? expect.stringMatching(/^ref-of-.*Instance/) : undefined);
});

test('the rules are in the stack of the target, and the grant in that of the grantee', () => {
  const app = build({ target: 'ThirdStack', bastion: 'BastionStack', grantee: 'GranteeStack' });
  expect(owners(app, 'AWS::EC2::SecurityGroupIngress')).toEqual(['ThirdStack']);
  expect(owners(app, 'AWS::EC2::SecurityGroupEgress')).toEqual(['ThirdStack']);
  expect(owners(app, 'AWS::SSM::Parameter')).toEqual(['ThirdStack']);
  expect(owners(app, 'AWS::IAM::ManagedPolicy')).toEqual(['BastionStack', 'GranteeStack']);
});

test('a role of an app that uses the cluster may be granted: the app comes after the cluster, and nothing the other way round', () => {
  const app = testApp();
  const home = new Stack(app, 'ClusterStack');
  const cluster = new rds.DatabaseCluster(home, 'Cluster', clusterProps(home));
  const tunnel = new TunnelableRdsCluster(home, 'Tunnel', { targetName: 'db', cluster, vpc: someVpc(home) });
  const user = new Stack(app, 'AppStack');
  const role = new iam.Role(user, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  cluster.secret!.grantRead(role);
  new CfnOutput(user, 'DatabaseHost', { value: cluster.clusterEndpoint.hostname });
  tunnel.grantConnect(role);
  expect(orderOf(app)).toEqual({ ClusterStack: [], AppStack: ['ClusterStack'] });
});
