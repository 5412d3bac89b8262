import { Annotations, type App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ACCOUNT, REGION, testApp, testStack } from '../support';
import { addBastion, createVpc, idsOf, ISOLATED, lookUpVpc, PUBLIC, stackSomewhere, templateOf, warningIdsOf, warningsOf } from './support';

const ENDPOINT = 'AWS::EC2::VPCEndpoint';
const IN_ISOLATED = { vpcSubnets: ISOLATED, vpcEndpoints: true };
const ENDPOINTS_GROUP = { 'Fn::GetAtt': [Match.stringLikeRegexp('^BastionEndpointsSecurityGroup'), 'GroupId'] };
const BASTION_GROUP = { 'Fn::GetAtt': [Match.stringLikeRegexp('^BastionSecurityGroup'), 'GroupId'] };

/** Only isolated subnets: nobody else is concerned. */
function isolatedVpc(stack: Stack, vpcId: string = 'vpc-1', id: string = vpcId): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, id, { vpcId, availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-3', 'subnet-4'] });
}

function servicesOf(template: Template): string[] {
  return Object.values(template.findResources(ENDPOINT)).map(({ Properties }) => Properties.ServiceName);
}

test('they are what the agent needs, by its usual names', () => {
  const template = templateOf(IN_ISOLATED, stackSomewhere());
  expect(servicesOf(template)).toEqual(['com.amazonaws.eu-central-1.ssm', 'com.amazonaws.eu-central-1.ssmmessages']);
  template.allResourcesProperties(ENDPOINT, {
    VpcEndpointType: 'Interface', VpcId: 'vpc-1', PrivateDnsEnabled: true, SubnetIds: ['subnet-3'], SecurityGroupIds: [ENDPOINTS_GROUP],
  });
});

test('their region and partition are those of the stack', () => {
  expect(servicesOf(templateOf(IN_ISOLATED))).toEqual(['ssm', 'ssmmessages'].map((name) => (
    { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, `.${name}`]] })));
});

test('they let in the bastion and nobody else, and the bastion may go to them and nowhere else', () => {
  const template = templateOf(IN_ISOLATED);
  const nothingOut = [{ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86, Description: 'Disallow all traffic' }];
  template.resourceCountIs('AWS::EC2::SecurityGroup', 2);
  template.allResourcesProperties('AWS::EC2::SecurityGroup', { GroupDescription: Match.anyValue(), SecurityGroupIngress: Match.absent(), SecurityGroupEgress: nothingOut });
  const traffic = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Description: Match.anyValue() };
  template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: ENDPOINTS_GROUP, SourceSecurityGroupId: BASTION_GROUP, ...traffic });
  template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 1);
  template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { GroupId: BASTION_GROUP, DestinationSecurityGroupId: ENDPOINTS_GROUP, ...traffic });
});

test('a group has one subnet of each zone for them', () => {
  const stack = testStack();
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-3', 'subnet-4', 'subnet-5', 'subnet-6'], isolatedSubnetNames: ['One', 'Two'],
  });
  templateOf({ ...IN_ISOLATED, vpc, highAvailability: true }, stack).allResourcesProperties(ENDPOINT, { SubnetIds: ['subnet-3', 'subnet-4'] });
});

test('subnets whose zones are not known all get one', () => {
  const stack = testStack();
  const subnets = ['subnet-8', 'subnet-9'].map((id) => ec2.Subnet.fromSubnetId(stack, id, id));
  templateOf({ vpcSubnets: { subnets }, vpcEndpoints: true, highAvailability: true }, stack).allResourcesProperties(ENDPOINT, { SubnetIds: ['subnet-8', 'subnet-9'] });
});

test.each([['instance', false, 'AWS::EC2::Instance'], ['group', true, 'AWS::AutoScaling::AutoScalingGroup']])('the %s comes after them', (_, highAvailability, type) => {
  const template = templateOf({ ...IN_ISOLATED, highAvailability });
  const [{ DependsOn: before }] = Object.values(template.findResources(type));
  const all = [ENDPOINT, 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'].flatMap((each) => idsOf(template, each));
  expect(all).toHaveLength(4);
  expect(before).toEqual(expect.arrayContaining(all));
});

test('the instance needs no public address where there are endpoints', () => {
  const stack = testStack();
  templateOf({ vpc: createVpc(stack, ec2.SubnetType.PUBLIC), vpcSubnets: PUBLIC, vpcEndpoints: true }, stack).hasResourceProperties('AWS::EC2::Instance', {
    NetworkInterfaces: [{ AssociatePublicIpAddress: false }],
  });
});

test('they can be made where there is a NAT too', () => {
  templateOf({ vpcEndpoints: true }).allResourcesProperties(ENDPOINT, { SubnetIds: ['subnet-1'] });
});

test('without vpcEndpoints there are none', () => {
  expect(addBastion(testStack()).endpointConnections).toBeUndefined();
  templateOf({ vpcEndpoints: false }).resourceCountIs(ENDPOINT, 0);
});

test('others can be let in', () => {
  const stack = testStack();
  const app = ec2.SecurityGroup.fromSecurityGroupId(stack, 'App', 'sg-9');
  addBastion(stack, IN_ISOLATED).endpointConnections!.allowDefaultPortFrom(app);
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: 'Endpoints of Systems Manager: in from the tunnel bastion, nothing out',
  });
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: ENDPOINTS_GROUP, SourceSecurityGroupId: 'sg-9', FromPort: 443, ToPort: 443 });
});

test('the ids of all of it do not depend on where the stack is', () => {
  const idsIn = (id: string): string[] => Object.keys(templateOf(IN_ISOLATED, testStack(testApp(), id)).toJSON().Resources).filter((name) => name.includes('Endpoints'));
  expect(idsIn('One')).toHaveLength(5);
  expect(idsIn('Two')).toEqual(idsIn('One'));
});

test('whoever had a way out of the VPC is warned of, until it is acknowledged', () => {
  const stack = testStack();
  const bastion = addBastion(stack, IN_ISOLATED);
  expect(warningsOf(stack)).toEqual(['whatever asks Systems Manager from within the VPC will ask these endpoints, and they let in the bastion only; '
    + 'let others in by endpointConnections, then acknowledge this [ack: tunnelable-rds-cluster:endpointsForWholeVpc]']);
  Annotations.of(bastion).acknowledgeWarning('tunnelable-rds-cluster:endpointsForWholeVpc');
  expect(bastion.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => type === 'aws:cdk:warning')).toEqual([]);
});

test('where nobody had a way out, nothing warns', () => {
  const stack = testStack();
  addBastion(stack, { ...IN_ISOLATED, vpc: isolatedVpc(stack) });
  expect(warningsOf(stack)).toEqual([]);
});

const rivalBastion = (path: string, other: string): string =>
  `[${path}/Endpoints] vpcEndpoints takes the names of Systems Manager in the VPC, and so does that of "${other}"; share the bastion, or pass vpcEndpoints to one of them only`;

test.each<[string, (stack: Stack) => ec2.IVpc[]]>([
  ['was created', (stack) => {
    const vpc = createVpc(stack, ec2.SubnetType.PRIVATE_ISOLATED);
    return [vpc, vpc];
  }],
  ['was imported twice', (stack) => [isolatedVpc(stack, 'vpc-1', 'Here'), isolatedVpc(stack, 'vpc-1', 'There')]],
  ['was imported by a parameter', (stack) => {
    const { valueAsString } = new CfnParameter(stack, 'VpcId');
    return [isolatedVpc(stack, valueAsString, 'Here'), isolatedVpc(stack, valueAsString, 'There')];
  }],
])('fails when two bastions make them in one VPC that %s', (_, vpcs) => {
  const stack = testStack();
  vpcs(stack).forEach((vpc, i) => addBastion(stack, { ...IN_ISOLATED, vpc, exid: `bastion-${i}` }, `Bastion${i}`));
  const synth = (): Template => Template.fromStack(stack);
  expect(synth).toThrow(rivalBastion('Stack/Bastion0', 'Stack/Bastion1'));
  expect(synth).toThrow(rivalBastion('Stack/Bastion1', 'Stack/Bastion0'));
});

test('fails when bastions of two stacks make them in one VPC', () => {
  const app = testApp();
  const [home, away] = ['Home', 'Away'].map((id) => testStack(app, id)) as [Stack, Stack];
  const vpc = createVpc(home, ec2.SubnetType.PRIVATE_ISOLATED);
  addBastion(home, { ...IN_ISOLATED, vpc });
  addBastion(away, { ...IN_ISOLATED, vpc, exid: 'other' });
  expect(() => app.synth()).toThrow(rivalBastion('Away/Bastion', 'Home/Bastion'));
});

test.each(['enableDnsSupport', 'enableDnsHostnames'])('fails when the VPC has no %s', (option) => {
  const stack = testStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', { [option]: false });
  expect(() => addBastion(stack, { vpc, vpcEndpoints: true })).toThrow(new Error(
    'vpcEndpoints cannot be used in a VPC without DNS support and DNS hostnames; pass enableDnsSupport: true and enableDnsHostnames: true to the Vpc'));
});

test.each<[string, string, (vpc: ec2.Vpc) => void]>([
  ['an endpoint', 'Stack/CreatedVpc/Ssm', (vpc) => vpc.addInterfaceEndpoint('Ssm', { service: ec2.InterfaceVpcEndpointAwsService.SSM })],
  ['a resource', 'Stack/Messages', ({ stack, vpcId }) => new ec2.CfnVPCEndpoint(stack, 'Messages', {
    vpcId, serviceName: 'com.amazonaws.eu-central-1.ssmmessages', vpcEndpointType: 'Interface', privateDnsEnabled: true,
  })],
])('fails when %s of the VPC takes the names', (_, path, add) => {
  const stack = testStack();
  const vpc = createVpc(stack, ec2.SubnetType.PRIVATE_ISOLATED);
  addBastion(stack, { ...IN_ISOLATED, vpc });
  add(vpc);
  expect(() => Template.fromStack(stack)).toThrow('[Stack/Bastion/Endpoints] vpcEndpoints takes the names of Systems Manager in the VPC, and so does '
    + `"${path}"; leave out vpcEndpoints, and let the bastion into that`);
});

test.each<[string, (app: App) => void]>([
  ['two VPCs', (app) => {
    const stack = testStack(app);
    addBastion(stack, { ...IN_ISOLATED, vpc: isolatedVpc(stack, 'vpc-1') }, 'One');
    addBastion(stack, { ...IN_ISOLATED, vpc: isolatedVpc(stack, 'vpc-2'), exid: 'two' }, 'Two');
  }],
  ['VPCs of one name in the stacks of two regions', (app) => {
    for (const region of [REGION, 'us-east-1']) {
      const stack = new Stack(app, `In-${region}`, { env: { account: ACCOUNT, region } });
      addBastion(stack, { ...IN_ISOLATED, vpc: createVpc(stack, ec2.SubnetType.PRIVATE_ISOLATED) });
    }
  }],
  ['VPCs that have yet to be looked up', (app) => {
    const stack = stackSomewhere('Stack', app);
    addBastion(stack, { ...IN_ISOLATED, vpc: lookUpVpc(stack, 'vpc-1') }, 'One');
    addBastion(stack, { ...IN_ISOLATED, vpc: lookUpVpc(stack, 'vpc-2'), exid: 'two' }, 'Two');
  }],
  ['a VPC where another service has an endpoint, or one without the names', (app) => {
    const stack = testStack(app);
    const vpc = createVpc(stack, ec2.SubnetType.PRIVATE_ISOLATED);
    addBastion(stack, { ...IN_ISOLATED, vpc });
    vpc.addInterfaceEndpoint('Contacts', { service: ec2.InterfaceVpcEndpointAwsService.SSM_CONTACTS });
    vpc.addInterfaceEndpoint('Quiet', { service: ec2.InterfaceVpcEndpointAwsService.SSM, privateDnsEnabled: false });
    vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
  }],
  ['one of two bastions in a VPC', (app) => {
    const stack = testStack(app);
    const vpc = isolatedVpc(stack);
    addBastion(stack, { ...IN_ISOLATED, vpc }, 'One');
    addBastion(stack, { vpcSubnets: ISOLATED, vpc, exid: 'two' }, 'Two');
  }],
])('they can be made in %s', (_, build) => {
  const app = testApp();
  build(app);
  expect(() => app.synth()).not.toThrow();
  expect(app.node.children.filter((stack) => Stack.isStack(stack)).flatMap(warningIdsOf)).toEqual([]);
});
