import type * as redshift from 'aws-cdk-lib/aws-redshift';
import type * as redshiftserverless from 'aws-cdk-lib/aws-redshiftserverless';
import type { Construct } from 'constructs';
import type { TunnelSourceConfig } from './config';
import type { GuardedSourceOptions } from './options';
import { portOf } from './port';
import { literalName } from './resource';
import { managedSecret } from './secret';

const ENGINE = 'redshift';

/** All that a target has to know about a cluster of Redshift. */
export function bindRedshift(scope: Construct, cluster: redshift.CfnCluster, { securityGroups }: GuardedSourceOptions): TunnelSourceConfig {
  return {
    kind: 'redshift-cluster',
    name: cluster.ref,
    engine: ENGINE,
    port: portOf({ resource: cluster, engine: ENGINE, origins: ['snapshotIdentifier'], attribute: cluster.attrEndpointPort }),
    writerHost: cluster.attrEndpointAddress,
    database: cluster.dbName,
    securityGroups,
    secret: managedSecret(scope, cluster.manageMasterPassword, cluster.attrMasterPasswordSecretArn),
    defaultTargetName: literalName(cluster.clusterIdentifier),
  };
}

/** All that a target has to know about a workgroup of Redshift Serverless. Its database is another resource's, the namespace's. */
export function bindRedshiftServerless(workgroup: redshiftserverless.CfnWorkgroup, { securityGroups }: GuardedSourceOptions): TunnelSourceConfig {
  return {
    kind: 'redshift-workgroup',
    name: workgroup.ref,
    engine: ENGINE,
    port: portOf({ resource: workgroup, engine: ENGINE, origins: [], attribute: workgroup.attrWorkgroupEndpointPort }),
    writerHost: workgroup.attrWorkgroupEndpointAddress,
    securityGroups,
    defaultTargetName: literalName(workgroup.workgroupName),
  };
}
