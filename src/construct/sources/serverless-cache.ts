import type * as elasticache from 'aws-cdk-lib/aws-elasticache';
import type { TunnelSourceConfig } from './config';
import type { GuardedSourceOptions } from './options';
import { portOf } from './port';
import { literalName } from './resource';

/** All that a target has to know about a serverless cache. Its reader is on another port of the same host, which a target has but one of. */
export function bindServerlessCache(cache: elasticache.CfnServerlessCache, { securityGroups }: GuardedSourceOptions): TunnelSourceConfig {
  return {
    kind: 'elasticache-serverless-cache',
    name: cache.ref,
    engine: cache.engine,
    port: portOf({ resource: cache, engine: cache.engine, origins: [], attribute: cache.attrEndpointPort }),
    writerHost: cache.attrEndpointAddress,
    securityGroups,
    defaultTargetName: literalName(cache.serverlessCacheName),
  };
}
