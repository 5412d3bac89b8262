import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ACKNOWLEDGEMENTS } from '../../../src/construct/acknowledgements';
import { someVpc, testApp, testStack } from '../support';
import { appOf, findingsIn } from './findings';
import { bastionIn, targetIn } from './variants/variant';

/** What an app may do that is not ours to acknowledge. */
interface Bad {
  readonly name: string;
  readonly build: (ours: Stack) => void;
  /** What is found, by the path of the construct. */
  readonly found: Readonly<Record<string, readonly string[]>>;
}

function allOfS3(): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: ['s3:*'], resources: ['arn:aws:s3:::*'] });
}

const ALL_OF_S3 = ['AwsSolutions-IAM5[Action::s3:*]', 'AwsSolutions-IAM5[Resource::arn:aws:s3:::*]', 'NIST.800.53.R5-IAMPolicyNoStatementsWithFullAccess'];

const BAD: Bad[] = [
  {
    name: 'an instance of the app beside the bastion',
    build: (ours) => {
      const vpc = someVpc(ours);
      bastionIn(ours, { vpc });
      new ec2.Instance(ours, 'Own', {
        vpc, instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO), machineImage: ec2.MachineImage.latestAmazonLinux2023(),
      });
    },
    found: { 'Ours/Own/Resource': ['AwsSolutions-EC26', 'AwsSolutions-EC28', 'AwsSolutions-EC29', 'NIST.800.53.R5-EC2IMDSv2Enabled'] },
  },
  {
    name: 'more in the policy of the agent',
    build: (ours) => (bastionIn(ours).node.findChild('AgentPolicy') as iam.ManagedPolicy).addStatements(allOfS3()),
    found: { 'Ours/Bastion/AgentPolicy/Resource': ALL_OF_S3 },
  },
  {
    name: 'more in a policy to connect',
    build: (ours) => (targetIn(ours).connectPolicy as iam.ManagedPolicy).addStatements(allOfS3()),
    found: { 'Ours/Target/ConnectPolicy/Resource': ALL_OF_S3 },
  },
  {
    name: 'more for the role of the bastion',
    build: (ours) => bastionIn(ours).role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess')),
    found: { 'Ours/Bastion/Role/Resource': ['AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AdministratorAccess]'] },
  },
  {
    name: 'a bastion that takes connections from anywhere',
    build: (ours) => bastionIn(ours).connections.allowFromAnyIpv4(ec2.Port.HTTPS),
    found: { 'Ours/Bastion/SecurityGroup/Resource': ['AwsSolutions-EC23'] },
  },
  {
    name: 'a grant to a user',
    build: (ours) => targetIn(ours).grantConnect(iam.User.fromUserName(ours, 'User', 'alice')),
    found: { 'Ours/Target/ConnectPolicy/Resource': ['NIST.800.53.R5-IAMUserNoPolicies'] },
  },
];

test.each(BAD)('is found: $name', ({ found, ...variant }) => {
  const app = appOf(variant);
  const findings = ['AwsSolutions', 'NIST 800-53 r5'].flatMap((pack) => findingsIn(app, pack));
  expect(findings).toEqual(Object.entries(found).flatMap(([path, ids]) => ids.map((id) => ({ id, path }))));
});

test('an auditor who asks for it reads in the template what is acknowledged, and why', () => {
  const app = testApp();
  const stack = testStack(app);
  bastionIn(stack);
  new AwsSolutionsChecks(app, { writeSuppressionsToCloudFormation: true });
  const [[id, reason]] = Object.entries(ACKNOWLEDGEMENTS.CarrySessions);
  Template.fromStack(stack).hasResource('AWS::IAM::ManagedPolicy', { Metadata: { cdk_nag: { rules_to_suppress: [{ id, reason }] } } });
});
