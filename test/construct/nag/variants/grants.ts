import { Duration, type Environment, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { TunnelSessionDocument, type TunnelSessionDocumentOptions, TunnelSource, type TunnelTarget } from '../../../../src';
import { ACCOUNT, importedCluster, REGION } from '../../support';
import { bastionIn, byPack, PLACE, roleIn, targetIn, type Variant } from './variant';

const LIMITS: TunnelSessionDocumentOptions = { idleSessionTimeout: Duration.minutes(10), maxSessionDuration: Duration.hours(8) };

/** Grants to a role of another stack. */
function grantFrom(ours: Stack, env?: Environment): void {
  const target = targetIn(ours);
  const role = roleIn(new Stack(ours.node.root, 'Grantee', { env }));
  target.grantConnect(role);
  target.grantList(role);
}

/** With all that can be asked for in a grant. */
function wholeTargetIn(stack: Stack): TunnelTarget {
  const encryptionKey = kms.Key.fromKeyArn(stack, 'SecretKey', `arn:aws:kms:${REGION}:${ACCOUNT}:key/01234567-89ab-cdef-0123-456789abcdef`);
  return targetIn(stack, {
    source: TunnelSource.cluster(importedCluster(stack, { clusterResourceIdentifier: 'cluster-ABC' })),
    credentialsSecret: secretsmanager.Secret.fromSecretAttributes(stack, 'Secret', {
      secretCompleteArn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:db-AbCdEf`, encryptionKey,
    }),
    iamAuthentication: true,
  });
}

export const GRANTS: Variant[] = [
  { name: 'a grant', build: (ours) => targetIn(ours).grantConnect(roleIn(ours)) },
  { name: 'a grant of what says where it is', env: PLACE, build: (ours) => targetIn(ours).grantConnect(roleIn(ours)) },
  {
    name: 'a grant of all that can be granted',
    build: (ours) => wholeTargetIn(ours).grantConnect(roleIn(ours), { databaseUser: '${aws:username}', readSecret: true, describeCluster: true }),
  },
  {
    name: 'a grant of sessions that end',
    build: (ours) => targetIn(ours, { sessionDocument: TunnelSessionDocument.fixed(LIMITS) }).grantConnect(roleIn(ours)),
  },
  {
    name: 'a grant with the document of AWS',
    build: (ours) => targetIn(ours, { sessionDocument: TunnelSessionDocument.awsOwned() }).grantConnect(roleIn(ours)),
  },
  { name: 'a grant to list', build: (ours) => targetIn(ours).grantList(roleIn(ours)) },
  { name: 'a policy for others', build: (ours) => targetIn(ours).connectPolicy },
  { name: 'a grant in another stack', build: (ours) => grantFrom(ours) },
  { name: 'a grant in another stack, of what says where it is', env: PLACE, build: (ours) => grantFrom(ours) },
  { name: 'a grant in another stack, which says where it is too', env: PLACE, build: (ours) => grantFrom(ours, PLACE) },
  { name: 'a grant in another region', env: PLACE, build: (ours) => grantFrom(ours, { ...PLACE, region: 'eu-west-1' }) },
  {
    name: 'a grant in an app that knows the partitions',
    env: { account: ACCOUNT, region: 'cn-north-1' },
    build: (ours) => {
      ours.node.setContext(cxapi.ENABLE_PARTITION_LITERALS, true);
      targetIn(ours).grantConnect(roleIn(ours));
    },
  },
  {
    name: 'grants to several, for several targets of one bastion',
    build: (ours) => {
      const bastion = bastionIn(ours);
      const grantees = [roleIn(ours), iam.Role.fromRoleName(ours, 'Imported', 'operators'), iam.Group.fromGroupName(ours, 'Group', 'analysts')];
      for (const id of ['Orders', 'Billing']) {
        const target = targetIn(ours, { bastion }, id);
        for (const grantee of grantees) target.grantConnect(grantee);
      }
    },
  },
  {
    name: 'a grant to a user',
    build: (ours) => targetIn(ours).grantConnect(iam.User.fromUserName(ours, 'User', 'alice')),
    leftToTheApp: byPack(
      ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'], 'IAMUserNoPolicies', 'This app has a user who is in no group.',
    ),
  },
];
