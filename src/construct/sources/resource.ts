import { Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';

/** The CloudFormation resource behind a construct; undefined for what was imported. */
export function resourceOf<T>(construct: IConstruct, isOfType: (child: unknown) => child is T): T | undefined {
  const child: unknown = construct.node.defaultChild;
  return isOfType(child) ? child : undefined;
}

/** What was imported throws when it is asked for what it was not given, and cannot be asked whether it was. */
export function tryRead<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Why a target cannot lead into an imported cluster, of RDS or DocumentDB. */
export function explainNotKnown(what: string, cluster: IConstruct, attributes: string): Error {
  return new Error(`the ${what} of the imported cluster "${cluster.node.path}" is not known; pass ${attributes} to fromDatabaseClusterAttributes`);
}

/** The security groups of a construct that knows them. */
export function securityGroupsOf(construct: IConstruct): ec2.ISecurityGroup[] | undefined {
  return 'connections' in construct ? (construct as IConstruct & ec2.IConnectable).connections.securityGroups : undefined;
}

/** What a target is called by default whose thing has this identifier. */
export function literalName(identifier: string | undefined): string | undefined {
  return identifier === undefined || Token.isUnresolved(identifier) ? undefined : identifier.toLowerCase();
}
