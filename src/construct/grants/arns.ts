import { ArnFormat, Resource, Stack, Token } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ITunnelBastion } from '../tunnel-bastion';
import type { ConnectSubject } from './connect-subject';

/** Of a parameter, or of a folder of them. */
export function parameterArn(name: string, place: Stack): string {
  return place.formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.slice(1) });
}

export function anyInstance(place: Stack): string {
  return place.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' });
}

/** A key of another stack is named where the bastion is, whose stack knows it anyhow. Elsewhere that would tie stacks together: it is any key. */
export function diskKeyArn(key: kms.IKey, bastion: ITunnelBastion, place: Stack, home: Stack): string {
  const isStrange = Resource.isOwnedResource(key) && ![key.stack, Stack.of(bastion)].includes(home);
  return isStrange ? anyKey(place) : keyArn(key, place);
}

/** IAM does not know a key by its alias. The service that the key is used through bounds what can be done with another one. */
export function keyArn(key: kms.IKey, place: Stack): string {
  return 'aliasName' in key ? anyKey(place) : key.keyArn;
}

function anyKey(place: Stack): string {
  return place.formatArn({ service: 'kms', resource: 'key', resourceName: '*' });
}

export function databaseUserArn({ rdsResourceId, place, targetName }: ConnectSubject, user: string): string {
  if (rdsResourceId === undefined) {
    throw new Error(`nobody can log in to "${targetName}" by IAM, as far as is known: got databaseUser "${user}"; `
      + 'import it with its resource identifier, or leave databaseUser out');
  }
  if (Token.isUnresolved(user)) throw new Error('databaseUser cannot be a token: it could come to mean anybody; pass a literal string');
  if (!/^[^*?\s]+$/.test(user)) throw new Error(`databaseUser "${user}" cannot be used: it must name one user, without "*", "?" and blanks; pass one user`);
  return place.formatArn({ service: 'rds-db', resource: 'dbuser', resourceName: `${rdsResourceId}/${user}`, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}

/** A secret that was imported by its name has an ARN that lacks the characters which AWS puts at the end. */
export function secretArn({ secret, targetName }: ConnectSubject): string {
  if (!secret) throw new Error(`"${targetName}" has no secret to read: got readSecret; pass credentialsSecret or administratorSecret to the target`);
  return secret.secretFullArn ?? `${secret.secretArn}-??????`;
}

export function clusterArn({ clusterName, place, targetName }: ConnectSubject): string {
  if (clusterName === undefined) throw new Error(`"${targetName}" is no RDS cluster: got describeCluster; leave describeCluster out`);
  const resourceName = Token.isUnresolved(clusterName) ? clusterName : clusterName.toLowerCase();
  return place.formatArn({ service: 'rds', resource: 'cluster', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}
