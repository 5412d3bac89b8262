import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { TunnelBastion, TunnelSource, TunnelTarget, type TunnelTargetProps } from '../../src';
import { type Descriptor, parseDescriptor } from '../../src/descriptor';
import { evaluate } from '../local-aws/template/intrinsics';

export const POSTGRES = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_7 });
export const MYSQL = rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_08_0 });

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';

const outputFolder = mkdtempSync(join(tmpdir(), 'construct-test-'));
let appCount = 0;
afterAll(() => rmSync(outputFolder, { recursive: true }));

export function testApp(): App {
  return new App({ outdir: join(outputFolder, `${appCount++}`), analyticsReporting: false, context: { '@aws-cdk/core:strictCfnValidateErrors': true } });
}

export function testStack(app: Construct = testApp(), id: string = 'Stack'): Stack {
  return new Stack(app, id);
}

/** A VPC that exists, so that templates hold only what the test is about. */
export function someVpc(scope: Construct, id: string = 'Vpc'): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(scope, id, {
    vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetIds: ['subnet-3', 'subnet-4'],
  });
}

export function clusterProps(scope: Construct, props: Partial<rds.DatabaseClusterProps> = {}): rds.DatabaseClusterProps {
  return { engine: POSTGRES, writer: rds.ClusterInstance.serverlessV2('Writer'), vpc: someVpc(scope, 'ClusterVpc'), storageEncrypted: true, ...props };
}

/** Its identifier is made by CloudFormation, unless one is given. */
export function someCluster(scope: Construct, props: Partial<rds.DatabaseClusterProps> = {}): rds.DatabaseCluster {
  return new rds.DatabaseCluster(scope, 'Cluster', clusterProps(scope, props));
}

export function importedCluster(scope: Construct, props: Partial<rds.DatabaseClusterAttributes> = {}, id: string = 'Imported'): rds.IDatabaseCluster {
  return rds.DatabaseCluster.fromDatabaseClusterAttributes(scope, id, {
    clusterIdentifier: 'Imported-DB',
    clusterEndpointAddress: 'writer.example',
    readerEndpointAddress: 'reader.example',
    port: 6543,
    engine: POSTGRES,
    securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(scope, `${id}Group`, 'sg-1')],
    ...props,
  });
}

/** Behind a bastion of its own, unless one is given. */
export function addTarget(stack: Stack, cluster: rds.IDatabaseCluster, props: Partial<TunnelTargetProps> = {}, id: string = 'Target'): TunnelTarget {
  const bastion = props.bastion ?? new TunnelBastion(stack, `${id}Bastion`, { vpc: someVpc(stack, `${id}Vpc`), exid: `${id}-bastion` });
  return new TunnelTarget(stack, id, { source: TunnelSource.cluster(cluster), ...props, bastion });
}

export function stacksOf(app: App): Stack[] {
  return app.node.children.filter((child): child is Stack => Stack.isStack(child));
}

/** The instances that some stack of an app exports, by their logical ids: such an export blocks their replacement. */
export function exportedInstances(app: App): string[] {
  return stacksOf(app).flatMap((stack) => {
    const template = Template.fromStack(stack);
    const outputs = JSON.stringify(template.findOutputs('*'));
    return Object.keys(template.findResources('AWS::EC2::Instance')).filter((id) => outputs.includes(id));
  });
}

/** What `connect` reads once the stack is deployed: made-up ids stand for those that AWS would give. */
export function descriptorOf(stack: Stack, name: string): Descriptor {
  const parameters = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter'));
  const parameter = parameters.find(({ Properties }) => Properties.Name.endsWith(`/${name}`));
  return parseDescriptor(deployed(stack, parameter?.Properties.Value) as string);
}

function deployed(stack: Stack, value: unknown): unknown {
  const pseudo: Record<string, string> = { 'AWS::AccountId': ACCOUNT, 'AWS::Region': REGION, 'AWS::Partition': 'aws' };
  return evaluate(value, {
    region: REGION,
    ref: (logicalId) => pseudo[logicalId] ?? `ref-of-${logicalId}`,
    attribute: (logicalId, attribute) => (attribute.endsWith('.Port') ? '7654' : `${attribute}-of-${logicalId}`.toLowerCase()),
    imported: (exportName) => importedFrom(stack, exportName),
    condition: (name) => { throw new Error(`the condition ${name} was not expected`); },
    mapped: (mapping) => { throw new Error(`the mapping ${mapping} was not expected`); },
  });
}

function importedFrom(importer: Stack, exportName: string): unknown {
  const stacks = importer.node.root.node.findAll().filter((construct): construct is Stack => Stack.isStack(construct));
  for (const stack of stacks) {
    const output = Object.values(Template.fromStack(stack).findOutputs('*')).find(({ Export }) => Export?.Name === exportName);
    if (output) return deployed(stack, output.Value);
  }
  throw new Error(`no stack exports ${exportName}`);
}
