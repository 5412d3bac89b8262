import type { State } from '../state/state';
import type { Stack } from './stack';

interface Generator {
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
}

export function putSecret(stack: Stack, logicalId: string, { storedSecrets }: State): void {
  const { place } = stack.settings;
  const secretArn = stack.physicalId(logicalId);
  // An update of a stack leaves the value of a secret alone.
  if (storedSecrets.find(place, secretArn)) return;
  const name = secretArn.split(':').at(-1)!.slice(0, -7);
  storedSecrets.put(name, textOf(stack, logicalId, storedSecrets.generate()), { place, secretArn });
}

function textOf(stack: Stack, logicalId: string, password: string): string {
  const text = stack.property(logicalId, 'SecretString');
  if (typeof text === 'string') return text;
  const { SecretStringTemplate: template, GenerateStringKey: key } = (stack.property(logicalId, 'GenerateSecretString') ?? {}) as Generator;
  return template === undefined || key === undefined ? password : JSON.stringify({ ...JSON.parse(template) as object, [key]: password });
}

/** Writes into a secret what it is the password to, as RDS has it. */
export function attachSecret(stack: Stack, logicalId: string, { storedSecrets }: State): void {
  const { place } = stack.settings;
  const secret = storedSecrets.find(place, String(stack.property(logicalId, 'SecretId')));
  const dbClusterIdentifier = String(stack.property(logicalId, 'TargetId'));
  const cluster = stack.logicalIdOf('AWS::RDS::DBCluster', dbClusterIdentifier);
  if (secret?.text === undefined || cluster === undefined) return;
  storedSecrets.put(secret.name, JSON.stringify({
    ...JSON.parse(secret.text) as object,
    dbClusterIdentifier,
    engine: String(stack.property(cluster, 'Engine')).includes('postgres') ? 'postgres' : 'mysql',
    port: Number(stack.attribute(cluster, 'Endpoint.Port')),
    dbname: stack.property(cluster, 'DatabaseName'),
    host: stack.attribute(cluster, 'Endpoint.Address'),
  }), { place, secretArn: secret.arn });
}
