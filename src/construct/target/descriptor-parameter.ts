import { Stack } from 'aws-cdk-lib';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type Descriptor, DESCRIPTOR_VERSION, type DescriptorDocument } from '../../descriptor';
import type { ITunnelBastion } from '../tunnel-bastion';
import type { TunnelSessionDocumentConfig } from '../tunnel-session-document';
import type { TunnelSourceConfig } from '../tunnel-source';
import type { TargetDocuments } from './target-documents';

/** What a descriptor is made of. */
export interface DescriptorParts {
  readonly parameterName: string;
  readonly targetName: string;
  readonly bastion: ITunnelBastion;
  readonly source: TunnelSourceConfig;
  readonly documents: TargetDocuments;
  readonly database?: string;
  readonly secret?: secretsmanager.ISecret;
  readonly iamAuthentication?: boolean;
}

/** The parameter from which `connect` learns where the target is and how to get there. */
export function createDescriptorParameter(scope: Construct, parts: DescriptorParts): ssm.StringParameter {
  const parameter = new ssm.StringParameter(scope, 'Descriptor', {
    parameterName: parts.parameterName,
    description: `How to tunnel into ${parts.targetName}`,
    tier: ssm.ParameterTier.STANDARD,
    // JSON of the stack's making: a token of a number must stay a number.
    stringValue: Stack.of(scope).toJsonString(describe(scope, parts)),
  });
  // Nobody is told of a document that does not exist yet.
  for (const { resource } of Object.values(parts.documents)) if (resource) parameter.node.addDependency(resource);
  return parameter;
}

function describe(scope: Construct, { targetName, bastion, source, documents, database, secret, iamAuthentication }: DescriptorParts): Descriptor {
  const stack = Stack.of(scope);
  const hasCredentials = secret !== undefined || iamAuthentication !== undefined;
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
    document: { writer: nameOf(documents.writer), reader: documents.reader && nameOf(documents.reader) },
    credentials: hasCredentials ? { secretArn: secret?.secretArn, iam: iamAuthentication } : undefined,
  };
}

function nameOf({ documentName, fixed }: TunnelSessionDocumentConfig): DescriptorDocument {
  return { name: documentName, fixed };
}
