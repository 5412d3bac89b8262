import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { TunnelBastionOptions } from '../../../src';
import { REGION, testStack } from '../support';
import { addBastion, idsOf, stackSomewhere, templateOf } from './support';

function userDataOf(template: Template): string {
  const [{ Properties }] = Object.values(template.findResources('AWS::EC2::Instance'));
  return Properties.UserData['Fn::Base64'];
}

function imageWith(userData: ec2.UserData): ec2.IMachineImage {
  return ec2.MachineImage.genericLinux({ [REGION]: 'ami-1' }, { userData });
}

function newestWith(userData: ec2.UserData): ec2.IMachineImage {
  return ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64, userData });
}

test('it runs no sshd, not even for what comes from itself', () => {
  expect(userDataOf(templateOf())).toMatch(/^#!\/bin\/bash\nsystemctl disable --now sshd\.service \|\| true\n/);
});

test.each<[string, TunnelBastionOptions, RegExp]>([
  ['30 minutes', {}, /bastion-idle-stop 30\n/],
  ['as many as it was told', { idleTimeout: Duration.hours(2) }, /bastion-idle-stop 120\n/],
  ['as many as it was told, and not always on', { idleTimeout: Duration.minutes(5), alwaysOn: false, highAvailability: false }, /bastion-idle-stop 5\n/],
])('it stops itself after %s', (_, options, stop) => {
  expect(userDataOf(templateOf(options))).toMatch(stop);
});

test('one that is always on never stops itself', () => {
  expect(userDataOf(templateOf({ alwaysOn: true }))).toBe('#!/bin/bash\nsystemctl disable --now sshd.service || true');
});

test.each<[string, TunnelBastionOptions]>([
  ['idleTimeout', { idleTimeout: Duration.minutes(31) }],
  ['alwaysOn', { alwaysOn: true }],
  ['the user data of its image', { machineImage: newestWith(ec2.UserData.custom('#!/bin/bash\ntouch /tmp/x')) }],
])('a change of %s replaces the instance, and nothing else: its tag stays', (_, options) => {
  const [before, after] = [templateOf(), templateOf(options)];
  expect(idsOf(after, 'AWS::EC2::Instance')).not.toEqual(idsOf(before, 'AWS::EC2::Instance'));
  const others = (template: Template): object[] => Object.entries(template.toJSON().Resources).filter(([, { Type }]: any) => Type !== 'AWS::EC2::Instance');
  expect(others(after)).toEqual(others(before));
  after.hasResourceProperties('AWS::EC2::Instance', { Tags: [{ Key: 'exid', Value: 'vpc-main-bastion' }, { Key: 'Name', Value: 'Stack/Bastion/Instance' }] });
});

test('the same idleTimeout, said or not, replaces nothing', () => {
  expect(templateOf({ idleTimeout: Duration.seconds(1800) }).toJSON()).toEqual(templateOf().toJSON());
});

test('the user data of an image runs after that of the bastion, by the shell it names', () => {
  const userData = ec2.UserData.forLinux({ shebang: '#!/bin/sh -e' });
  userData.addCommands('echo first', 'echo second');
  const rendered = userDataOf(templateOf({ machineImage: imageWith(userData), alwaysOn: true }, stackSomewhere()));
  expect(rendered).toBe('#!/bin/sh -e\nsystemctl disable --now sshd.service || true\necho first\necho second');
});

test('the user data of an image that others use is left as it is', () => {
  const userData = ec2.UserData.forLinux();
  templateOf({ machineImage: imageWith(userData) }, stackSomewhere());
  expect(userData.render()).toBe('#!/bin/bash');
});

test('commands that are added to the instance replace it too', () => {
  const idsWith = (...commands: string[]): string[] => {
    const stack = testStack();
    (addBastion(stack).node.findChild('Instance') as ec2.Instance).addUserData(...commands);
    return idsOf(Template.fromStack(stack), 'AWS::EC2::Instance');
  };
  expect(idsWith()).toEqual(idsWith());
  expect(idsWith('touch /tmp/x')).not.toEqual(idsWith());
});

test.each<[string, TunnelBastionOptions, string]>([
  ['both idleTimeout and alwaysOn', { idleTimeout: Duration.minutes(30), alwaysOn: true },
    'idleTimeout and alwaysOn cannot be used together: got both; pass one of them'],
  ['both idleTimeout and highAvailability', { idleTimeout: Duration.minutes(30), highAvailability: true },
    'idleTimeout and highAvailability cannot be used together: got both, and a group replaces an instance that powers itself off; leave out one of them'],
  ['an idleTimeout that is too short', { idleTimeout: Duration.minutes(4) },
    'idleTimeout 4 minutes cannot be used: it must be whole minutes, at least 5; pass Duration.minutes(30), for example'],
  ['an image of Windows', { machineImage: ec2.MachineImage.latestWindows(ec2.WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_CORE_BASE) },
    'machineImage cannot be used: got one of Windows; pass one of Linux'],
  ['an image with user data that is no script', { machineImage: imageWith(ec2.UserData.custom('#cloud-config\npackages: []')) },
    'the user data of machineImage cannot be used: it must be a shell script, but begins with "#cloud-config"; pass user data that begins with "#!/bin/bash"'],
  ['an image with user data for another program', { machineImage: imageWith(ec2.UserData.custom('#!/usr/bin/python3\nprint()')) },
    'the user data of machineImage cannot be used: it must be a shell script, but begins with "#!/usr/bin/python3"; pass user data that begins with "#!/bin/bash"'],
])('fails when it gets %s', (_, options, message) => {
  expect(() => templateOf(options, stackSomewhere())).toThrow(new Error(message));
});
