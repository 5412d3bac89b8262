import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ACCOUNT, REGION, testStack } from '../support';
import { addBastion, stackSomewhere, templateOf } from './support';

/** What the image of the instance is: of a parameter, which one is looked up at each deployment. */
function imageOf(template: Template): string {
  const [{ Properties: { ImageId: image } }] = Object.values(template.findResources('AWS::EC2::Instance'));
  return image.Ref === undefined ? image : template.toJSON().Parameters[image.Ref].Default;
}

function parameterTypesOf(template: Template): string[] {
  return Object.values(template.findParameters('*')).map(({ Type }) => Type);
}

test('it is a small arm64 instance of the newest Amazon Linux 2023', () => {
  const template = templateOf();
  template.hasResourceProperties('AWS::EC2::Instance', { InstanceType: 't4g.micro' });
  expect(imageOf(template)).toBe('/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-arm64');
  expect(parameterTypesOf(template)).toContain('AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>');
});

test('an instance type of another architecture gets its image', () => {
  const template = templateOf({ instanceType: new ec2.InstanceType('t3.small') });
  template.hasResourceProperties('AWS::EC2::Instance', { InstanceType: 't3.small' });
  expect(imageOf(template)).toBe('/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64');
});

test.each<[string, ec2.IMachineImage]>([
  ['in the context of the app', ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64, cachedInContext: true })],
  ['by its id', ec2.MachineImage.genericLinux({ [REGION]: 'ami-1' })],
])('an image that is pinned %s is looked up at no deployment', (_, machineImage) => {
  const template = templateOf({ machineImage }, stackSomewhere());
  expect(imageOf(template)).toEqual(expect.any(String));
  expect(parameterTypesOf(template)).not.toContain('AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>');
});

test('another image is all that another pin changes', () => {
  const [before, after] = ['ami-1', 'ami-2'].map((id) => templateOf({ machineImage: ec2.MachineImage.genericLinux({ [REGION]: id }) }, stackSomewhere()));
  expect(JSON.stringify(before!.toJSON())).toBe(JSON.stringify(after!.toJSON()).replace('ami-2', 'ami-1'));
});

test('its disk has a key of AWS, or that of a customer', () => {
  const disk = (ebs: object): object => ({ BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 8, ...ebs } }] });
  templateOf().hasResourceProperties('AWS::EC2::Instance', disk({ KmsKeyId: Match.absent() }));
  const stack = testStack();
  const diskEncryptionKey = kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${REGION}:${ACCOUNT}:key/1`);
  expect(addBastion(stack, { diskEncryptionKey }).diskEncryptionKey).toBe(diskEncryptionKey);
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::Instance', disk({ KmsKeyId: diskEncryptionKey.keyArn }));
});

test('what it powers off by is stopped, and not gone', () => {
  templateOf().hasResourceProperties('AWS::EC2::Instance', { InstanceInitiatedShutdownBehavior: 'stop' });
});
