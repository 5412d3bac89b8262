import { engineOf } from '../../../src/engines';
import { arn, hexId, partitionOf, type Place, upperId, urlSuffixOf, uuidId } from '../place';

/** A resource of a stack, as far as its ids and attributes depend on it. */
export interface ResourceFacts {
  readonly place: Place;
  readonly stackName: string;
  readonly logicalId: string;
  /** Another one for each resource that took the place of the last. */
  readonly seed: string;
  /** Counts from 1, where a change makes a new version of the same resource. */
  readonly version: number;
  property(name: string): unknown;
}

type Fact = (resource: ResourceFacts) => string;

interface ResourceType {
  /** What `Ref` gives. */
  readonly ref: Fact;
  readonly attributes?: Readonly<Record<string, Fact>>;
  /** A change of one of these properties makes a new resource. Which they are may hang on the resource. */
  readonly replacing?: readonly string[] | ((resource: ResourceFacts) => readonly string[]);
  /** A change of one of these properties makes a new version of the same resource. */
  readonly versioned?: readonly string[];
}

const withPrefix = (prefix: string): Fact => (resource) => `${prefix}-${hexId(17, resource.seed)}`;
const generatedName: Fact = (resource) => `${resource.stackName}-${resource.logicalId}-${upperId(12, resource.seed)}`;
const named = (property: string): Fact => (resource) => (resource.property(property) as string | undefined) ?? generatedName(resource);
const lowerCased = (name: Fact): Fact => (resource) => name(resource).toLowerCase();
const arnOf = (service: string, kind: string, name: Fact): Fact => (resource) => arn(resource.place, service, `${kind}${name(resource)}`);
const iamArn = (kind: string, name: Fact): Fact => (r) => `arn:${partitionOf(r.place.region)}:iam::${r.place.account}:${kind}/${name(r)}`;

/** RDS host names of one account in one region share a part. */
const rdsHost = (name: Fact, infix: string): Fact => (resource) => {
  const shared = hexId(12, 'rds', resource.place);
  return `${name(resource)}.${infix}${shared}.${resource.place.region}.rds.${urlSuffixOf(resource.place.region)}`;
};
const rdsPort: Fact = (resource) => String(resource.property('Port') ?? engineOf(String(resource.property('Engine'))).defaultPort);
const resourceId = (prefix: string): Fact => (resource) => `${prefix}-${upperId(26, resource.seed)}`;
const version: Fact = (resource) => String(resource.version);
const masterSecret: Fact = (resource) => arn(resource.place, 'secretsmanager', `secret:rds!${uuidId(resource.seed)}-${upperId(6, resource.seed)}`);

const clusterId = lowerCased(named('DBClusterIdentifier'));
const dbInstanceId = lowerCased(named('DBInstanceIdentifier'));
const groupName = named('AutoScalingGroupName');
const proxyName = named('DBProxyName');
const groupId = withPrefix('sg');
const roleName = named('RoleName');
const secretArn: Fact = (resource) => arn(resource.place, 'secretsmanager', `secret:${named('Name')(resource)}-${upperId(6, resource.seed)}`);

/** What is known of each type. Of a type that is not here, `Ref` gives a name of the kind that CloudFormation makes up. */
const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::AutoScaling::AutoScalingGroup': { ref: groupName, replacing: ['AutoScalingGroupName'] },
  'AWS::EC2::Instance': {
    ref: withPrefix('i'),
    attributes: {
      InstanceId: withPrefix('i'),
      PrivateIp: (resource) => `10.0.0.${4 + (parseInt(hexId(2, resource.seed), 16) % 250)}`,
      AvailabilityZone: (resource) => (resource.property('AvailabilityZone') as string | undefined) ?? `${resource.place.region}a`,
      VpcId: withPrefix('vpc'),
    },
    replacing: ['AvailabilityZone', 'ImageId', 'KeyName', 'NetworkInterfaces', 'SubnetId'],
  },
  'AWS::EC2::LaunchTemplate': {
    ref: withPrefix('lt'),
    attributes: { LaunchTemplateId: withPrefix('lt'), LatestVersionNumber: version, DefaultVersionNumber: version },
    replacing: ['LaunchTemplateName'],
    versioned: ['LaunchTemplateData'],
  },
  'AWS::EC2::VPC': {
    ref: withPrefix('vpc'),
    attributes: { VpcId: withPrefix('vpc'), CidrBlock: (resource) => String(resource.property('CidrBlock')), DefaultSecurityGroup: groupId },
  },
  'AWS::EC2::Subnet': {
    ref: withPrefix('subnet'),
    attributes: { SubnetId: withPrefix('subnet'), AvailabilityZone: (resource) => String(resource.property('AvailabilityZone')) },
  },
  'AWS::EC2::VPCEndpoint': { ref: withPrefix('vpce'), attributes: { Id: withPrefix('vpce') } },
  'AWS::EC2::SecurityGroup': { ref: groupId, attributes: { GroupId: groupId, Id: groupId, VpcId: (resource) => String(resource.property('VpcId')) } },
  'AWS::IAM::Role': { ref: roleName, attributes: { Arn: iamArn('role', roleName), RoleId: (resource) => `AROA${upperId(17, resource.seed)}` } },
  'AWS::IAM::ManagedPolicy': { ref: iamArn('policy', named('ManagedPolicyName')) },
  'AWS::IAM::InstanceProfile': { ref: named('InstanceProfileName'), attributes: { Arn: iamArn('instance-profile', named('InstanceProfileName')) } },
  'AWS::RDS::DBCluster': {
    ref: clusterId,
    attributes: {
      'DBClusterArn': arnOf('rds', 'cluster:', clusterId),
      'DBClusterResourceId': resourceId('cluster'),
      'Endpoint.Address': rdsHost(clusterId, 'cluster-'),
      'Endpoint.Port': rdsPort,
      'ReadEndpoint.Address': rdsHost(clusterId, 'cluster-ro-'),
      'MasterUserSecret.SecretArn': masterSecret,
    },
    replacing: ['DBClusterIdentifier', 'DatabaseName', 'DBSubnetGroupName', 'Engine', 'KmsKeyId', 'MasterUsername', 'StorageEncrypted'],
  },
  'AWS::RDS::DBInstance': {
    ref: dbInstanceId,
    attributes: {
      'DBInstanceArn': arnOf('rds', 'db:', dbInstanceId),
      'DbiResourceId': resourceId('db'),
      'Endpoint.Address': rdsHost(dbInstanceId, ''),
      'Endpoint.Port': rdsPort,
      'MasterUserSecret.SecretArn': masterSecret,
    },
  },
  'AWS::RDS::DBProxy': {
    ref: proxyName,
    attributes: { DBProxyArn: (resource) => arn(resource.place, 'rds', `db-proxy:prx-${hexId(17, resource.seed)}`), Endpoint: rdsHost(proxyName, 'proxy-') },
  },
  'AWS::SecretsManager::Secret': { ref: secretArn, attributes: { Id: secretArn } },
  'AWS::SecretsManager::SecretTargetAttachment': { ref: (resource) => String(resource.property('SecretId')) },
  'AWS::SSM::Document': {
    ref: named('Name'),
    replacing: (resource) => ['Name', 'DocumentFormat', 'DocumentType', ...(resource.property('UpdateMethod') === 'NewVersion' ? [] : ['Content'])],
  },
  'AWS::SSM::Parameter': {
    ref: named('Name'),
    attributes: { Type: (resource) => String(resource.property('Type')), Value: (resource) => String(resource.property('Value')) },
    replacing: ['Name'],
  },
  'AWS::KMS::Alias': { ref: (resource) => String(resource.property('AliasName')) },
  'AWS::KMS::Key': {
    ref: (resource) => uuidId(resource.seed),
    attributes: { Arn: arnOf('kms', 'key/', (resource) => uuidId(resource.seed)), KeyId: (resource) => uuidId(resource.seed) },
  },
};

export function typeOf(name: string): ResourceType {
  return RESOURCE_TYPES[name] ?? { ref: generatedName };
}
