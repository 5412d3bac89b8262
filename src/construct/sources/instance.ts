import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { TunnelSourceConfig } from './config';
import { checkEngine } from './engine';
import type { InstanceSourceOptions } from './options';
import { portOf } from './port';
import { literalName, resourceOf } from './resource';
import { rdsSecret } from './secret';

/** What an instance may have its port and its databases from. */
const ORIGINS = [
  'dbClusterSnapshotIdentifier', 'dbSnapshotIdentifier',
  'sourceDbClusterIdentifier', 'sourceDbInstanceIdentifier', 'sourceDbInstanceAutomatedBackupsArn', 'sourceDbiResourceId',
] as const;

/** The database that RDS makes where none is named; of an Oracle, its SID. SQL Server and the MySQL family then have none. */
const DATABASE_OF_NONE: Readonly<Record<string, string>> = {
  'postgres': 'postgres',
  'oracle-ee': 'ORCL',
  'oracle-ee-cdb': 'ORCL',
  'oracle-se2': 'ORCL',
  'oracle-se2-cdb': 'ORCL',
};

/** The engines of RDS that one can log in to by IAM. */
const IAM_ENGINES = ['postgres', 'mysql', 'mariadb'];

/**
 * All that a target has to know about an instance.
 * @throws Error when its engine is not known
 */
export function bindInstance(scope: Construct, instance: rds.IDatabaseInstance, options: InstanceSourceOptions): TunnelSourceConfig {
  checkEngine(options.engine);
  const engine = options.engine ?? instance.engine?.engineType;
  if (!engine) throw new Error(`the engine of the instance "${instance.node.path}" is not known; pass engine to TunnelSource.instance`);

  const created = resourceOf(instance, rds.CfnDBInstance.isCfnDBInstance);
  return {
    kind: 'rds-instance',
    name: instance.instanceIdentifier,
    engine,
    port: created ? portOf({ resource: created, engine, origins: ORIGINS, attribute: created.attrEndpointPort }) : instance.instanceEndpoint.port,
    writerHost: instance.instanceEndpoint.hostname,
    database: created && databaseOf(created, engine),
    securityGroups: instance.connections.securityGroups,
    // Of a read replica, the CDK's own property may be an ARN.
    rdsResourceId: IAM_ENGINES.includes(engine) ? created?.attrDbiResourceId ?? instance.instanceResourceId : undefined,
    secret: rdsSecret(scope, instance, created),
    defaultTargetName: literalName(created?.dbInstanceIdentifier ?? instance.instanceIdentifier),
  };
}

function databaseOf(created: rds.CfnDBInstance, engine: string): string | undefined {
  if (created.dbName !== undefined) return created.dbName;
  return ORIGINS.some((origin) => created[origin] !== undefined) ? undefined : DATABASE_OF_NONE[engine];
}
