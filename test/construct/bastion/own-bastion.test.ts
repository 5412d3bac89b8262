import { Duration, Size, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { TunnelableRdsCluster, TunnelBastion, type TunnelBastionProps } from '../../../src';
import { importedCluster, someVpc, testStack } from '../support';
import { ISOLATED } from './support';

/** One of each: the type says when one is missing. */
const PROPS: { [Name in keyof Required<TunnelBastionProps>]: (stack: Stack) => TunnelBastionProps[Name] } = {
  vpc: (stack) => ec2.Vpc.fromVpcAttributes(stack, 'OtherVpc', { vpcId: 'vpc-2', availabilityZones: ['c'], privateSubnetIds: ['subnet-9'] }),
  exid: () => 'other',
  vpcSubnets: () => ISOLATED,
  vpcEndpoints: () => true,
  instanceType: () => new ec2.InstanceType('t4g.nano'),
  machineImage: () => ec2.MachineImage.fromSsmParameter('/our/image'),
  diskSize: () => Size.gibibytes(20),
  rootDeviceName: () => '/dev/sda1',
  idleTimeout: () => Duration.hours(1),
  alwaysOn: () => true,
  highAvailability: () => true,
  diskEncryptionKey: (stack) => new kms.Key(stack, 'Key'),
};
const NAMES = Object.keys(PROPS) as (keyof TunnelBastionProps)[];

/** What a bastion is made of, where it is `Tunnel/Bastion`. */
function resourcesOf(build: (stack: Stack, vpc: ec2.IVpc) => void): object {
  const stack = testStack();
  build(stack, someVpc(stack));
  const { Resources: resources } = Template.fromStack(stack).toJSON();
  return Object.fromEntries(Object.entries(resources).filter(([id]) => id.startsWith('TunnelBastion')));
}

test.each(NAMES)('%s is passed on to a bastion of its own', (name) => {
  const own = { exid: 'own', targetName: 'db' };
  const passedOn = resourcesOf((stack, vpc) => {
    new TunnelableRdsCluster(stack, 'Tunnel', { cluster: importedCluster(stack), vpc, ...own, [name]: PROPS[name](stack) });
  });
  const meant = resourcesOf((stack, vpc) => {
    new TunnelBastion(new Construct(stack, 'Tunnel'), 'Bastion', { vpc, ...own, [name]: PROPS[name](stack) });
  });
  expect(passedOn).toEqual(meant);
  expect(passedOn).not.toEqual(resourcesOf((stack, vpc) => new TunnelBastion(new Construct(stack, 'Tunnel'), 'Bastion', { vpc, ...own })));
});

test.each(NAMES)('fails when it gets both bastion and %s', (name) => {
  const stack = testStack();
  const bastion = new TunnelBastion(stack, 'Shared', { vpc: someVpc(stack), exid: 'vpc-main-bastion' });
  expect(() => new TunnelableRdsCluster(stack, 'Tunnel', { cluster: importedCluster(stack), bastion, [name]: PROPS[name](stack) })).toThrow(new Error(
    `bastion and ${name} cannot be used together: got both; pass ${name} to the TunnelBastion`));
});
