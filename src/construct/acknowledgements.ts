import { Stack, Token, Validations } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** Why findings are meant to be so, by their ids. */
type Reasons = Readonly<Record<string, string>>;

const BASIC_MONITORING =
  'Nothing scales by the metrics of a bastion and no alarm is set on them: those of every five minutes are enough, and free of charge.';

/**
 * All that cdk-nag finds in this library and is meant to be so, and why. By the sid of the statement or by the kind of resource that it is
 * about; ids are those of a stack that does not say where it goes.
 */
export const ACKNOWLEDGEMENTS: Readonly<Record<string, Reasons>> = {
  CarrySessions: {
    [wildcard('*')]:
      'The channel actions of ssmmessages take no resource, and ssm:UpdateInstanceInformation takes the id of the instance, which no policy '
      + 'can name before it exists. The role may do nothing else.',
  },
  StartSessionOnBastion: {
    [wildcard(arn('ec2', 'instance/*'))]:
      'ssm:StartSession is limited by a condition to what is tagged with the exid of the bastion, since a replaced instance has another id. '
      + 'What a session can do is limited by its document, in a statement of its own.',
  },
  StartBastion: {
    [wildcard(arn('ec2', 'instance/*'))]:
      'ec2:StartInstances is limited by a condition to what is tagged with the exid of the bastion, since a replaced instance has another id.',
  },
  OpenDataChannel: {
    [wildcard(arn('ssm', 'session/*'))]:
      'ssmmessages:OpenDataChannel takes the token of the session, which only its starter or resumer is given. No pattern of ids fits the '
      + 'sessions of every kind of caller.',
  },
  OwnSessionsByName: {
    [wildcard(arn('ssm', 'session/<aws:username>-*'))]:
      'The id of an IAM user\'s session is the name of the user and a random end, which the wildcard stands for. AWS documents this form.',
  },
  OwnSessionsByTag: {
    [wildcard(arn('ssm', 'session/*'))]:
      'ssm:ResumeSession and ssm:TerminateSession are limited by a condition to sessions that AWS has tagged with the id of the caller. '
      + 'AWS documents this form.',
  },
  FindBastion: {
    [wildcard('*')]: 'ec2:DescribeInstances takes no resource. It only reads.',
  },
  UseDiskKey: {
    [wildcard(arn('kms', 'key/*'))]:
      'The key is known by an alias only, or is of another stack, which is not to be tied to this one. kms:CreateGrant is limited by conditions to grants that are '
      + 'asked for through EC2 and given to a service of AWS.',
  },
  Instance: {
    'AwsSolutions-EC26':
      'Its only volume is encrypted. The rule fails on any instance without a launch template in a stack that has one for something else.',
    'AwsSolutions-EC28': BASIC_MONITORING,
    'AwsSolutions-EC29':
      'It keeps no data, and each newer image or setting replaces it: CloudFormation could not remove the old one if it were protected.',
    ...byPack(['HIPAA.Security', 'NIST.800.53.R4'], ['EC2InstanceDetailedMonitoringEnabled'], BASIC_MONITORING),
  },
  PublicInstance: byPack(
    ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'],
    ['EC2InstancesInVPC'],
    'It is in a VPC: its network interface, which says whether it has a public address, names the subnet in its place.',
  ),
  Group: {
    'AwsSolutions-AS3':
      'It never scales: it is a group of one, which puts another in the place of an instance that fails. Nobody has to do anything about it.',
  },
  UnknownPort: byPack(
    ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'],
    ['EC2RestrictedCommonPorts', 'EC2RestrictedSSH'],
    'It admits one security group, that of the bastion, and no range of addresses. The rule fails on a port that is known at deployment only.',
  ),
};

/** Notes why findings about a construct are meant to be so, where cdk-nag looks for it. The template says nothing of it. */
export function acknowledge(construct: IConstruct, topic: string): void {
  acknowledgeAll(construct, [topic], Stack.of(construct));
}

/**
 * The same for the statements of a policy that have wildcards.
 * @param place the stack whose account and region are in the statements
 */
export function acknowledgeWildcards(policy: IConstruct, statements: iam.PolicyStatement[], place: Stack): void {
  const withWildcards = statements.filter(({ resources }) => resources.some((resource) => resource.includes('*')));
  acknowledgeAll(policy, withWildcards.map(({ sid }) => sid!), place);
}

/** `Validations.acknowledge` does the same, but takes no id with an ARN in it in the oldest aws-cdk-lib that we work with. */
function acknowledgeAll(construct: IConstruct, topics: string[], place: Stack): void {
  const reasons: Record<string, string> = {};
  for (const [anywhere, reason] of topics.flatMap((topic) => Object.entries(ACKNOWLEDGEMENTS[topic] ?? {}))) {
    const id = inPlace(anywhere, place);
    reasons[id] = id in reasons ? `${reasons[id]} ${reason}` : reason;
  }
  construct.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, reasons);
}

function wildcard(resource: string): string {
  return `AwsSolutions-IAM5[Resource::${resource}]`;
}

function arn(service: string, resource: string): string {
  return `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;
}

function byPack(packs: string[], rules: string[], reason: string): Reasons {
  return Object.fromEntries(packs.flatMap((pack) => rules.map((rule) => [`${pack}-${rule}`, reason])));
}

/** Where a stack says where it goes, what it says is in its ARNs. */
function inPlace(id: string, { partition, region, account }: Stack): string {
  const said = Object.entries({ Partition: partition, Region: region, AccountId: account }).filter(([, value]) => !Token.isUnresolved(value));
  return said.reduce((text, [name, value]) => text.replaceAll(`<AWS::${name}>`, value), id);
}
