import { Size } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type BastionNetwork, isPublic } from './network';
import type { TunnelBastionOptions } from './options';
import { chooseIdleTimeout, createUserData } from './user-data';

/** What a machine is made of. */
export interface MachineParts {
  readonly options: TunnelBastionOptions;
  readonly network: BastionNetwork;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly role: iam.IRole;
}

/** What an instance and the launch template of a group have in common. */
export function describeMachine(scope: Construct, { options, network, securityGroup, role }: MachineParts) {
  const instanceType = options.instanceType ?? ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO);
  const image = (options.machineImage ?? newestAmazonLinux(instanceType)).getImage(scope);
  return {
    instanceType,
    machineImage: { getImage: () => image },
    userData: createUserData(image, chooseIdleTimeout(options)),
    securityGroup,
    role,
    httpPutResponseHopLimit: 1,
    blockDevices: [{
      deviceName: options.rootDeviceName ?? '/dev/xvda',
      volume: ec2.BlockDeviceVolume.ebs((options.diskSize ?? Size.gibibytes(8)).toGibibytes(), {
        volumeType: ec2.EbsDeviceVolumeType.GP3, encrypted: true, kmsKey: options.diskEncryptionKey,
      }),
    }],
    // In a public subnet it is the way out, unless there are endpoints. Elsewhere there is none to be had.
    associatePublicIpAddress: isPublic(network) ? !options.vpcEndpoints : undefined,
  };
}

function newestAmazonLinux(instanceType: ec2.InstanceType): ec2.IMachineImage {
  const isX86 = instanceType.architecture === ec2.InstanceArchitecture.X86_64;
  return ec2.MachineImage.latestAmazonLinux2023({ cpuType: isX86 ? ec2.AmazonLinuxCpuType.X86_64 : ec2.AmazonLinuxCpuType.ARM_64 });
}
