import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { engineOf } from '../../engines';
import type { TunnelSourceConfig } from './config';
import { checkEngine } from './engine';
import type { ProxySourceOptions } from './options';
import { literalName, resourceOf, securityGroupsOf } from './resource';

/** The engine that clients of a proxy speak to, by the proxy's engine family. */
const ENGINE_OF_FAMILY: Readonly<Record<string, string>> = { POSTGRESQL: 'postgres', MYSQL: 'mysql', SQLSERVER: 'sqlserver' };

/**
 * All that a target has to know about a proxy, which listens on the usual port of its engine whatever that of the database.
 * @throws Error when its engine is not known, or its reader endpoint is none
 */
export function bindProxy(scope: Construct, proxy: rds.IDatabaseProxy, options: ProxySourceOptions): TunnelSourceConfig {
  checkEngine(options.engine);
  const created = resourceOf(proxy, rds.CfnDBProxy.isCfnDBProxy);
  const engine = options.engine ?? ENGINE_OF_FAMILY[created?.engineFamily ?? ''];
  if (!engine) throw new Error(`the engine of the proxy "${proxy.node.path}" is not known; pass engine to TunnelSource.proxy`);
  if (options.readerEndpoint) checkReader(options.readerEndpoint);

  return {
    kind: 'rds-proxy',
    name: proxy.dbProxyName,
    engine,
    port: engineOf(engine).defaultPort,
    writerHost: proxy.endpoint,
    readerHost: options.readerEndpoint?.endpoint,
    securityGroups: options.securityGroups ?? securityGroupsOf(proxy) ?? [],
    rdsResourceId: Stack.of(scope).splitArn(proxy.dbProxyArn, ArnFormat.COLON_RESOURCE_NAME).resourceName,
    defaultTargetName: literalName(created?.dbProxyName ?? proxy.dbProxyName),
  };
}

function checkReader(endpoint: rds.IDatabaseProxyEndpoint): void {
  const created = resourceOf(endpoint, rds.CfnDBProxyEndpoint.isCfnDBProxyEndpoint);
  if (!created || created.targetRole === rds.ProxyEndpointTargetRole.READ_ONLY) return;
  throw new Error(`readerEndpoint "${endpoint.node.path}" is for writing too; pass one whose targetRole is READ_ONLY`);
}
