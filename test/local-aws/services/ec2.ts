import { AwsError } from '../aws-error';
import type { Caller } from '../credentials';
import { ec2Query } from '../protocols/ec2-query';
import { type Instance, STATE_CODES, type InstanceState, type StateChange } from '../state/instance';
import type { Instances } from '../state/instances';
import { describeReservation } from './ec2-instance-xml';
import { page } from './pages';
import type { Service } from './service';

interface Filter { readonly Name: string; readonly Values: readonly string[] }

interface DescribeInstancesInput {
  readonly InstanceIds?: readonly string[];
  readonly Filters?: readonly Filter[];
  readonly MaxResults?: string;
  readonly NextToken?: string;
}

interface ChangeInput {
  readonly InstanceIds?: readonly string[];
  /** Asks only whether the caller may: the answer is an error either way. */
  readonly DryRun?: 'true' | 'false';
}

const FILTERS: Readonly<Record<string, (instance: Instance) => string>> = {
  'availability-zone': (instance) => instance.settings.availabilityZone,
  'instance-id': (instance) => instance.id,
  'instance-state-name': (instance) => instance.state,
  'instance-state-code': (instance) => String(STATE_CODES[instance.state]),
  'instance-type': (instance) => instance.settings.instanceType,
  'private-ip-address': (instance) => instance.settings.privateIp,
  'vpc-id': (instance) => instance.settings.vpcId,
};

const MAX_PAGE = 1000;

export function ec2(instances: Instances): Service {
  const identified = (caller: Caller, ids: readonly string[]): Instance[] => {
    const malformed = ids.find((id) => !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
    if (malformed !== undefined) throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
    const missing = ids.filter((id) => instances.find(caller, id) === undefined);
    if (missing.length === 1) throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${missing[0]}' does not exist`);
    if (missing.length > 1) throw new AwsError('InvalidInstanceID.NotFound', `The instance IDs '${missing.join(', ')}' do not exist`);
    return ids.map((id) => instances.find(caller, id)!);
  };
  const change = ({ InstanceIds: ids, DryRun }: ChangeInput, caller: Caller, step: (instance: Instance) => StateChange): object => {
    if (ids === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter InstanceId');
    const found = identified(caller, ids);
    if (DryRun === 'true') throw new AwsError('DryRunOperation');
    return { instancesSet: { item: found.map((instance) => describeChange(instance.id, step(instance))) } };
  };
  return {
    name: 'ec2',
    protocol: ec2Query,
    operations: {
      DescribeInstances: ({ InstanceIds, Filters, MaxResults, NextToken }: DescribeInstancesInput, caller) => {
        if (InstanceIds !== undefined && MaxResults !== undefined) {
          throw new AwsError('InvalidParameterCombination', 'The parameter instancesSet cannot be used with the parameter maxResults');
        }
        const found = InstanceIds === undefined ? instances.in(caller) : identified(caller, InstanceIds);
        const matching = found.filter((instance) => (Filters ?? []).every((filter) => matches(instance, filter)));
        const { items, next } = page(matching, pageSize(MaxResults), NextToken, () => new AwsError('InvalidNextToken', `The token '${NextToken}' is invalid`));
        return { reservationSet: { item: items.map(describeReservation) }, nextToken: next };
      },
      StartInstances: (input: ChangeInput, caller) => change(input, caller, (instance) => instance.start()),
      StopInstances: (input: ChangeInput, caller) => change(input, caller, (instance) => instance.stop()),
    },
  };
}

function matches(instance: Instance, { Name, Values }: Filter): boolean {
  const { tags } = instance.settings;
  if (Name === 'tag-key') return Object.keys(tags).some((key) => matchesAny(key, Values));
  if (Name.startsWith('tag:')) {
    const key = Name.slice('tag:'.length);
    return Object.hasOwn(tags, key) && matchesAny(tags[key]!, Values);
  }
  const valueOf = FILTERS[Name];
  if (valueOf === undefined) throw new AwsError('InvalidParameterValue', `The filter '${Name}' is invalid`);
  return matchesAny(valueOf(instance), Values);
}

/** In the values of filters `*` stands for any characters, and `?` for any one. */
function matchesAny(value: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
    return new RegExp(`^${source}$`, 's').test(value);
  });
}

function pageSize(maxResults = String(MAX_PAGE)): number {
  const size = Number(maxResults);
  if (!(size >= 5 && size <= MAX_PAGE)) {
    throw new AwsError('InvalidParameterValue', `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value greater than 5.`);
  }
  return size;
}

function describeChange(instanceId: string, { previous, current }: StateChange): object {
  return { instanceId, currentState: describeState(current), previousState: describeState(previous) };
}

function describeState(state: InstanceState): object {
  return { code: STATE_CODES[state], name: state };
}
