import { type InstanceSettings, seconds } from '../state/instance';
import { STACK_TAGS } from '../state/instances';
import type { State } from '../state/state';
import type { Stack } from './stack';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
  /** Of a group's: whether its instances get it too. */
  readonly PropagateAtLaunch?: boolean;
}

/** What a template says of a machine, under the names that an instance and a launch template share. */
export interface MachineProperties {
  readonly ImageId?: string;
  readonly InstanceType?: string;
  readonly SecurityGroupIds?: readonly string[];
}

export function machineSettings(properties: MachineProperties): Partial<InstanceSettings> {
  const { ImageId: imageId, InstanceType: instanceType, SecurityGroupIds: securityGroupIds } = properties;
  return {
    ...(imageId !== undefined && { imageId }),
    ...(instanceType !== undefined && { instanceType, architecture: /^\w+g[a-z]*\./.test(instanceType) ? 'arm64' : 'x86_64' }),
    ...(securityGroupIds !== undefined && { securityGroupIds }),
  };
}

export function tagsOf(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

/** The tags that CloudFormation gives to what it makes. */
export function stackTags(stack: Stack, logicalId: string): Record<string, string> {
  return { [STACK_TAGS.name]: stack.name, [STACK_TAGS.id]: stack.id, [STACK_TAGS.logicalId]: logicalId };
}

export function putInstance(stack: Stack, logicalId: string, state: State, isUpdate: boolean): void {
  const id = stack.physicalId(logicalId);
  const { place } = stack.settings;
  if (state.instances.find(place, id) !== undefined) return;
  const property = <Value>(name: string): Value | undefined => stack.property(logicalId, name) as Value | undefined;
  const subnetId = property<string>('SubnetId');
  state.instances.add({
    ...place,
    id,
    tags: { ...tagsOf(property('Tags')), ...stackTags(stack, logicalId) },
    availabilityZone: stack.attribute(logicalId, 'AvailabilityZone'),
    privateIp: stack.attribute(logicalId, 'PrivateIp'),
    ...machineSettings({ ImageId: property('ImageId'), InstanceType: property('InstanceType'), SecurityGroupIds: property('SecurityGroupIds') }),
    ...(subnetId !== undefined && { subnetId }),
    ...(isUpdate && { launchTime: seconds(new Date()) }),
  });
}
