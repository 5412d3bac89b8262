import { Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { AWS_OWNED_DOCUMENT } from '../../descriptor';
import type { TunnelSessionDestination, TunnelSessionDocumentConfig, TunnelSessionDocumentOptions } from '../tunnel-session-document';

/** What Systems Manager takes for each limit, in minutes. */
const LONGEST: Readonly<Record<keyof TunnelSessionDocumentOptions, number>> = { idleSessionTimeout: 60, maxSessionDuration: 1440 };
const LIMITS = Object.keys(LONGEST) as (keyof TunnelSessionDocumentOptions)[];

/** @throws Error when Systems Manager would refuse a document with these limits. */
export function checkSessionLimits(options: TunnelSessionDocumentOptions): void {
  for (const limit of LIMITS) {
    const duration = options[limit];
    if (duration === undefined || duration.isUnresolved()) continue;
    const seconds = duration.toSeconds({ integral: false });
    if (seconds % 60 === 0 && seconds >= 60 && seconds <= LONGEST[limit] * 60) continue;
    throw new Error(`${limit} ${duration.toHumanString()} cannot be used: it must be whole minutes, from 1 to ${LONGEST[limit]}; pass Duration.minutes(20), for example`);
  }
}

/** A document that fixes host and port. All that is left to say is the local port, which the client listens on and the bastion never sees. */
export function createFixedDocument(
  scope: Construct, { documentName, description, host, port }: TunnelSessionDestination, options: TunnelSessionDocumentOptions,
): TunnelSessionDocumentConfig {
  const limits = LIMITS.flatMap((limit) => (options[limit] ? [[limit, textOf(options[limit].toMinutes())]] : []));
  const resource = new ssm.CfnDocument(scope, 'Document', {
    name: documentName,
    documentType: 'Session',
    documentFormat: 'JSON',
    // A change of the host is to be a new version and the default: sessions that are open stay as they are.
    updateMethod: 'NewVersion',
    content: {
      schemaVersion: '1.0',
      description,
      sessionType: 'Port',
      inputs: limits.length > 0 ? Object.fromEntries(limits) : undefined,
      parameters: {
        localPortNumber: { type: 'String', description: 'The port to listen on at home; 0 for any', default: '0', allowedPattern: '^[0-9]{1,5}$' },
      },
      properties: {
        type: 'LocalPortForwarding',
        host,
        portNumber: textOf(port),
        localPortNumber: '{{ localPortNumber }}',
      },
    },
  });
  const documentArn = Stack.of(scope).formatArn({ service: 'ssm', resource: 'document', resourceName: documentName });
  return { documentName, documentArn, fixed: true, resource };
}

export function nameAwsOwnedDocument(scope: Construct): TunnelSessionDocumentConfig {
  const documentArn = Stack.of(scope).formatArn({ service: 'ssm', account: '', resource: 'document', resourceName: AWS_OWNED_DOCUMENT });
  return { documentName: AWS_OWNED_DOCUMENT, documentArn, fixed: false };
}

function textOf(number: number): string {
  return Token.isUnresolved(number) ? Tokenization.stringifyNumber(number) : String(number);
}
