import type { Template } from '../template/template';

export interface GroupChanges {
  readonly exid?: string;
  readonly image?: string;
  readonly group?: Readonly<Record<string, unknown>>;
  readonly updatePolicy?: Readonly<Record<string, unknown>>;
}

/** A bastion that is an Auto Scaling group of one over two zones, launched from a template, as CDK writes it. */
export function groupTemplate({ exid = 'main', image = 'ami-0aaaaaaaaaaaaaaaa', group, updatePolicy }: GroupChanges = {}): Template {
  const subnet = (index: number) => ({
    Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: { 'Fn::Select': [index, { 'Fn::GetAZs': '' }] }, VpcId: { Ref: 'Vpc' } },
  });
  return {
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      FirstSubnet: subnet(0),
      SecondSubnet: subnet(1),
      SecurityGroup: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'bastion', VpcId: { Ref: 'Vpc' } } },
      LaunchTemplate: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateData: {
            ImageId: image,
            InstanceType: 't4g.small',
            SecurityGroupIds: [{ 'Fn::GetAtt': ['SecurityGroup', 'GroupId'] }],
            TagSpecifications: [
              { ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'of the launch template' }, { Key: 'made-by', Value: 'launch template' }] },
              { ResourceType: 'volume', Tags: [{ Key: 'Name', Value: 'of the disk' }] },
            ],
          },
        },
      },
      Group: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: {
          LaunchTemplate: { LaunchTemplateId: { Ref: 'LaunchTemplate' }, Version: { 'Fn::GetAtt': ['LaunchTemplate', 'LatestVersionNumber'] } },
          MaxSize: '1',
          MinSize: '1',
          Tags: [
            { Key: 'exid', PropagateAtLaunch: true, Value: exid },
            { Key: 'Name', PropagateAtLaunch: true, Value: 'of the group' },
            { Key: 'cost-centre', PropagateAtLaunch: false, Value: '42' },
          ],
          VPCZoneIdentifier: [{ Ref: 'FirstSubnet' }, { Ref: 'SecondSubnet' }],
          ...group,
        },
        UpdatePolicy: updatePolicy,
      },
    },
  };
}
