import { AwsError } from '../aws-error';
import type { Instance } from '../state/instance';
import type { Instances } from '../state/instances';
import { page } from './pages';
import type { Service } from './service';
import { invalidToken, pageSize } from './ssm-validation';

interface DescribeInstanceInformationInput {
  readonly Filters?: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  /** The older form of the same. */
  readonly InstanceInformationFilterList?: readonly { readonly key: string; readonly valueSet: readonly string[] }[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

const FILTERS: Readonly<Record<string, (instance: Instance) => string>> = {
  InstanceIds: (instance) => instance.id,
  PingStatus: pingStatus,
  PlatformTypes: () => 'Linux',
  ResourceType: () => 'EC2Instance',
};

export function instanceOperations(instances: Instances): Service['operations'] {
  return {
    DescribeInstanceInformation: (input: DescribeInstanceInformationInput, caller) => {
      const filters = [
        ...(input.Filters ?? []).map(({ Key, Values }) => [Key, Values] as const),
        ...(input.InstanceInformationFilterList ?? []).map(({ key, valueSet }) => [key, valueSet] as const),
      ];
      const managed = instances.in(caller).filter((instance) => instance.state !== 'terminated');
      const found = managed.filter((instance) => filters.every(([key, values]) => matches(instance, key, values)));
      const { items, next } = page(found, pageSize(input.MaxResults, 10, [5, 50]), input.NextToken, invalidToken);
      return { InstanceInformationList: items.map(describe), NextToken: next };
    },
  };
}

function matches(instance: Instance, key: string, values: readonly string[]): boolean {
  if (key.startsWith('tag:')) return values.includes(instance.settings.tags[key.slice('tag:'.length)] ?? '');
  const valueOf = FILTERS[key];
  if (valueOf === undefined) throw new AwsError('InvalidFilterKey', `The filter key '${key}' isn't valid.`);
  return values.includes(valueOf(instance));
}

function pingStatus(instance: Instance): string {
  return instance.isAgentOnline ? 'Online' : 'ConnectionLost';
}

function describe(instance: Instance): object {
  return {
    InstanceId: instance.id,
    PingStatus: pingStatus(instance),
    LastPingDateTime: new Date(),
    AgentVersion: '3.3.987.0',
    IsLatestVersion: true,
    PlatformType: 'Linux',
    PlatformName: 'Amazon Linux',
    PlatformVersion: '2023',
    ResourceType: 'EC2Instance',
    IPAddress: instance.settings.privateIp,
    ComputerName: `ip-${instance.settings.privateIp.replaceAll('.', '-')}.ec2.internal`,
    SourceId: instance.id,
    SourceType: 'AWS::EC2::Instance',
  };
}
