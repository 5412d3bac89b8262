import { Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { AWS_OWNED_DOCUMENT, type Descriptor, DESCRIPTOR_VERSION } from '../../descriptor';
import type { ITunnelBastion } from '../tunnel-bastion';
import type { TunnelSourceConfig } from '../tunnel-source';

/** What a descriptor is made of. */
export interface DescriptorParts {
  readonly parameterName: string;
  readonly targetName: string;
  readonly bastion: ITunnelBastion;
  readonly source: TunnelSourceConfig;
  readonly database?: string;
}

/** The parameter from which `connect` learns where the target is and how to get there. */
export function createDescriptorParameter(scope: Construct, parts: DescriptorParts): ssm.StringParameter {
  return new ssm.StringParameter(scope, 'Descriptor', {
    parameterName: parts.parameterName,
    description: `How to tunnel into ${parts.targetName}`,
    tier: ssm.ParameterTier.STANDARD,
    // JSON of the stack's making: a token of a number must stay a number.
    stringValue: Stack.of(scope).toJsonString(describe(scope, parts)),
  });
}

function describe(scope: Construct, { targetName, bastion, source, database }: DescriptorParts): Descriptor {
  const stack = Stack.of(scope);
  const document = { name: AWS_OWNED_DOCUMENT, fixed: false };
  const hasReader = source.readerHost !== undefined;
  return {
    version: DESCRIPTOR_VERSION,
    name: targetName,
    mechanism: 'aws.ssm',
    account: stack.account,
    region: stack.region,
    bastion: {
      exid: bastion.exid,
      // From another stack it would be an export, which blocks the replacement of the instance.
      instanceId: Stack.of(bastion) === stack ? bastion.instanceId : undefined,
    },
    target: {
      kind: source.kind,
      name: source.name,
      engine: source.engine,
      port: source.port,
      database: database ?? source.database,
      host: { writer: source.writerHost, reader: source.readerHost },
    },
    document: { writer: document, reader: hasReader ? document : undefined },
  };
}
