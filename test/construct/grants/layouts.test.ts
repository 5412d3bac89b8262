import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { TunnelBastion, TunnelSource, TunnelTarget } from '../../../src';
import { exportedInstances, someCluster, stacksOf, testApp } from '../support';
import { connectPolicyOf, policiesIn, roleIn } from './support';

/** Where each part of a layout is: stacks of one name are one stack. */
interface Layout {
  readonly target: string;
  readonly secret: string;
  readonly grantee: string;
}

const OPTIONS = { databaseUser: 'app', readSecret: true, describeCluster: true };

/** The target's stack comes after that of the bastion, and the policy would after that of the cluster: one has to give way. */
const isCircular = ({ target, grantee }: Layout): boolean => target === 'Data' && grantee === 'Bastion';

const LAYOUTS: Layout[] = ['Data', 'Access', 'Bastion'].flatMap((target) => ['Data', 'Secrets'].flatMap((secret) =>
  ['Data', 'Access', 'Bastion', 'Roles'].map((grantee) => ({ target, secret, grantee })))).filter((layout) => !isCircular(layout));

function build({ target, secret, grantee }: Layout, grant = grantAll): App {
  const app = testApp();
  const stack = (name: string): Stack => (app.node.tryFindChild(name) as Stack | undefined) ?? new Stack(app, name);
  const vpc = new ec2.Vpc(stack('Network'), 'Vpc');
  const cluster = someCluster(stack('Data'), { vpc, clusterIdentifier: 'db' });
  const credentialsSecret = new secretsmanager.Secret(stack(secret), 'Login', { encryptionKey: new kms.Key(stack('Keys'), 'SecretKey') });
  const bastion = new TunnelBastion(stack('Bastion'), 'Bastion', { vpc, exid: 'vpc-main-bastion', diskEncryptionKey: new kms.Key(stack('Keys'), 'DiskKey') });
  const tunnel = new TunnelTarget(stack(target), 'Tunnel', { bastion, source: TunnelSource.cluster(cluster), credentialsSecret });
  grant(tunnel, roleIn(stack(grantee)));
  return app;
}

function grantAll(target: TunnelTarget, role: iam.IRole): void {
  target.grantConnect(role, OPTIONS);
  target.grantConnect(role);
  target.grantList(role);
}

test.each(LAYOUTS)('all options, target in $target, secret in $secret, grantee in $grantee: no cycle, no instance exported', ({ grantee, ...others }) => {
  const app = build({ grantee, ...others });
  expect(() => app.synth()).not.toThrow();
  expect(exportedInstances(app)).toEqual([]);
  const home = app.node.findChild(grantee) as Stack;
  const attached = { Roles: [{ Ref: expect.stringMatching(/^Developers/) }] };
  expect([...policiesIn(home, 'ConnectPolicy'), ...policiesIn(home, 'ListTargets')]).toMatchObject([attached, attached, attached]);
});

test.each<[string, (target: TunnelTarget, role: iam.IRole) => unknown, string[]]>([
  ['without options', (target, role) => target.grantConnect(role), []],
  ['with them', (target, role) => target.grantConnect(role, OPTIONS), ['Data', 'Keys', 'Secrets']],
])('the stack of the grantee comes after what its policy names: %s', (_, grant, stacks) => {
  const app = build({ target: 'Access', secret: 'Secrets', grantee: 'Roles' }, grant);
  app.synth();
  expect((app.node.findChild('Roles') as Stack).dependencies.map(({ stackName }) => stackName).sort()).toEqual(stacks);
});

test('where that would be a cycle, the role is imported into the stack of the target', () => {
  const layout: Layout = { target: 'Data', secret: 'Data', grantee: 'Bastion' };
  expect(() => build(layout).synth()).toThrow('would create a cyclic reference');
  const app = build(layout, (target, role) => target.grantConnect(iam.Role.fromRoleName(target, 'Role', role.roleName), OPTIONS));
  expect(() => app.synth()).not.toThrow();
  expect(connectPolicyOf(app.node.findChild('Data') as Stack).Roles).toEqual([{ 'Fn::ImportValue': expect.stringContaining('Developers') }]);
});

test('two syntheses of everything are identical', () => {
  const templates = (): object[] => stacksOf(build({ target: 'Access', secret: 'Secrets', grantee: 'Roles' })).map((stack) => Template.fromStack(stack).toJSON());
  expect(JSON.stringify(templates())).toBe(JSON.stringify(templates()));
});
