import type { Stack as CdkStack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sso from 'aws-cdk-lib/aws-sso';
import { type ITunnelBastion, TunnelBastion, TunnelSessionDocument, TunnelSource, TunnelTarget } from '../../../../src';
import { Stack } from '../../../local-aws/template/stack';
import { importedCluster, someCluster, someVpc, testStack } from '../../support';
import { EXID, roleIn } from '../support';

const OPTIONS = { databaseUser: 'app', readSecret: true, describeCluster: true };

/** Two targets behind one bastion, and a target behind a group, with all that can be granted, each granted to somebody. */
function addEverything(stack: CdkStack): void {
  const bastion = new TunnelBastion(stack, 'Bastion', { vpc: someVpc(stack), exid: EXID, diskEncryptionKey: new kms.Key(stack, 'DiskKey') });
  const ahbodedb = addAhbodedb(stack, bastion);
  ahbodedb.grantConnect(roleIn(stack, 'Developers'), OPTIONS);
  ahbodedb.grantConnect(new iam.User(stack, 'Alice'), OPTIONS);
  new sso.CfnPermissionSet(stack, 'PermissionSet', {
    name: 'Developers', instanceArn: 'arn:aws:sso:::instance/ssoins-1', inlinePolicy: ahbodedb.connectPolicyDocument(OPTIONS),
  });
  const guests = roleIn(stack, 'Guests');
  ahbodedb.grantConnect(guests);
  ahbodedb.grantList(guests);
  const neighbours = roleIn(stack, 'Neighbours');
  const group = new TunnelBastion(stack, 'Group', { vpc: someVpc(stack, 'GroupVpc'), exid: 'group', highAvailability: true });
  const source = TunnelSource.cluster(importedCluster(stack));
  new TunnelTarget(stack, 'Orders', { bastion: group, source, targetName: 'orders' }).grantConnect(neighbours);
  new TunnelTarget(stack, 'Legacy', { bastion: group, source, targetName: 'legacy', sessionDocument: TunnelSessionDocument.awsOwned() })
    .grantConnect(neighbours);
}

function addAhbodedb(stack: CdkStack, bastion: ITunnelBastion): TunnelTarget {
  const credentialsSecret = new secretsmanager.Secret(stack, 'Login', { encryptionKey: new kms.Key(stack, 'SecretKey') });
  const cluster = someCluster(stack, { clusterIdentifier: 'ahbodedb' });
  return new TunnelTarget(stack, 'Ahbodedb', { bastion, source: TunnelSource.cluster(cluster), credentialsSecret });
}

/** The synthesized stack as it is once it is deployed somewhere: with all its ids. */
export function deployEverything(account: string, region: string): Stack {
  const stack = testStack();
  addEverything(stack);
  return new Stack({ name: 'Tunnels', place: { account, region }, template: Template.fromStack(stack).toJSON(), imported: () => undefined });
}
