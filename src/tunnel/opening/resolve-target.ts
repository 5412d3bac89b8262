import type { AwsContext } from '../../aws/context';
import type { DeclaredAwsEc2Instance } from '../../aws/slow-path';
import { AWS_OWNED_DOCUMENT, type Descriptor } from '../../descriptor';
import { Problem } from '../../problem';
import { noBastion } from '../no-bastion';
import type { ResolvedTarget, TargetCredentials, TunnelRequest } from '../tunnel';

export interface Destination {
  readonly target: ResolvedTarget;
  /** Not for the worker, which has no use for them. */
  readonly credentials?: TargetCredentials;
}

/** Where a request leads: read from the target's descriptor, or looked up. */
export async function resolveTarget({ into, role, prefix }: TunnelRequest, context: AwsContext): Promise<Destination> {
  if ('cluster' in into) return { target: await lookUpCluster(into, role, context) };
  const { getDescriptor } = await import('../../aws/hot-path');
  const descriptor = await getDescriptor({ name: into.target, prefix }, context);
  return { target: { ...targetOfDescriptor(descriptor, role), prefix }, credentials: descriptor.credentials };
}

/** The instance that a target is reached by, as far as is known; else the one that its tag finds. */
export async function findBastion(target: ResolvedTarget, context: AwsContext): Promise<string> {
  if (target.bastion.instanceId) return target.bastion.instanceId;
  return (await lookUpBastion(target.bastion.exid, context)).id;
}

function targetOfDescriptor({ name, account, region, target, bastion, document }: Descriptor, role: ResolvedTarget['role']): ResolvedTarget {
  const host = target.host[role];
  const roleDocument = document[role];
  if (!host || !roleDocument) throw new Problem('NOT_FOUND', `target ${name} has no ${role}`, { next: `connect ${name} --role writer` });
  return {
    name, role, account, region, engine: target.engine, database: target.database, host, port: target.port, bastion, document: roleDocument, foundBy: 'descriptor',
  };
}

async function lookUpCluster(into: { cluster: string; bastion: string }, role: ResolvedTarget['role'], context: AwsContext): Promise<ResolvedTarget> {
  const { getRdsCluster } = await import('../../aws/slow-path');
  const [cluster, bastion] = await Promise.all([getRdsCluster({ by: { name: into.cluster } }, context), lookUpBastion(into.bastion, context)]);
  if (!cluster) {
    throw new Problem('NOT_FOUND', `no cluster ${into.cluster} was found`, { next: 'look at the names: aws rds describe-db-clusters --query \'DBClusters[].DBClusterIdentifier\'' });
  }
  const host = cluster.host[role];
  if (!host) throw new Problem('NOT_FOUND', `cluster ${into.cluster} has no ${role} endpoint`, { next: 'try --role writer' });
  return {
    name: into.cluster,
    role,
    account: cluster.account,
    region: cluster.region,
    engine: cluster.engine,
    database: cluster.database,
    host,
    port: cluster.port,
    bastion: { exid: into.bastion, instanceId: bastion.id },
    document: { name: AWS_OWNED_DOCUMENT, fixed: false },
    foundBy: 'lookup',
  };
}

async function lookUpBastion(exid: string, context: AwsContext): Promise<DeclaredAwsEc2Instance> {
  const { getEc2Instance } = await import('../../aws/slow-path');
  const instance = await getEc2Instance({ by: { exid } }, context);
  if (instance) return instance;
  throw noBastion(exid);
}
