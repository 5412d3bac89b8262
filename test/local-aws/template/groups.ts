import type { GroupSettings, LaunchSettings } from '../state/group';
import type { State } from '../state/state';
import { type MachineProperties, machineSettings, stackTags, type Tag, tagsOf } from './instances';
import type { Stack } from './stack';
import { TemplateError } from './template';

interface LaunchTemplateData extends MachineProperties {
  readonly NetworkInterfaces?: readonly { readonly Groups?: readonly string[] }[];
  readonly TagSpecifications?: readonly { readonly ResourceType: string; readonly Tags: readonly Tag[] }[];
}

interface LaunchTemplateReference { readonly LaunchTemplateId?: string; readonly Version: string }

/** A group, and its one instance. Without a policy to roll it, an update changes what it launches next and nothing else. */
export function putGroup(stack: Stack, logicalId: string, state: State, isUpdate: boolean): void {
  const { place } = stack.settings;
  const settings: GroupSettings = { ...place, name: stack.physicalId(logicalId), launch: launchSettings(stack, logicalId) };
  const group = state.groups.find(place, settings.name);
  if (group === undefined) state.groups.add(settings, isUpdate);
  else group.update(settings.launch, stack.updatePolicy(logicalId).AutoScalingRollingUpdate !== undefined);
}

function launchSettings(stack: Stack, logicalId: string): LaunchSettings {
  const size = Number(stack.property(logicalId, 'DesiredCapacity') ?? stack.property(logicalId, 'MinSize'));
  if (size !== 1) throw new TemplateError(`the group ${logicalId} is of ${size}; only groups of one are known here`);
  const reference = stack.property(logicalId, 'LaunchTemplate') as LaunchTemplateReference | undefined;
  const template = stack.logicalIdOf('AWS::EC2::LaunchTemplate', String(reference?.LaunchTemplateId));
  if (reference === undefined || template === undefined) throw new TemplateError(`the group ${logicalId} has no launch template of its own stack`);
  const { NetworkInterfaces: interfaces, TagSpecifications: specifications = [], ...machine } = stack.property(template, 'LaunchTemplateData') as LaunchTemplateData;
  const tags = (stack.property(logicalId, 'Tags') ?? []) as Tag[];
  return {
    machine: machineSettings({ SecurityGroupIds: interfaces?.[0]?.Groups, ...machine }),
    subnets: ((stack.property(logicalId, 'VPCZoneIdentifier') ?? []) as string[]).map((subnetId) => ({ subnetId, availabilityZone: zoneOf(stack, subnetId) })),
    // Where both name a tag, the group's is taken.
    tags: {
      ...tagsOf(specifications.find(({ ResourceType: type }) => type === 'instance')?.Tags),
      ...tagsOf(tags.filter(({ PropagateAtLaunch: isPropagated }) => isPropagated)),
      ...stackTags(stack, logicalId),
      'aws:ec2launchtemplate:id': reference.LaunchTemplateId!,
      'aws:ec2launchtemplate:version': reference.Version,
    },
  };
}

/** A subnet of another stack is known by its id only. */
function zoneOf(stack: Stack, subnetId: string): string {
  const subnet = stack.logicalIdOf('AWS::EC2::Subnet', subnetId);
  return subnet === undefined ? `${stack.settings.place.region}a` : stack.attribute(subnet, 'AvailabilityZone');
}
