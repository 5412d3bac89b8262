import { Token } from 'aws-cdk-lib';
import * as opensearch from 'aws-cdk-lib/aws-opensearchservice';
import { engineOf } from '../../engines';
import type { TunnelSourceConfig } from './config';
import type { OpenSearchSourceOptions } from './options';
import { literalName, resourceOf, securityGroupsOf } from './resource';

const ENGINE = 'opensearch';

/** The host name of a domain in a VPC starts with `vpc-`. */
const PUBLIC_HOST = /^search-/;

/**
 * All that a target has to know about a domain.
 * @throws Error when it is known to be in no VPC
 */
export function bindOpenSearch(domain: opensearch.IDomain, options: OpenSearchSourceOptions): TunnelSourceConfig {
  const created = resourceOf(domain, opensearch.CfnDomain.isCfnDomain);
  if (created ? created.vpcOptions === undefined : isPublic(domain.domainEndpoint)) {
    throw new Error(`the domain "${domain.node.path}" is in no VPC: it has a public endpoint, to which no tunnel leads; pass a domain with a vpc`);
  }
  return {
    kind: 'opensearch-domain',
    name: domain.domainName,
    engine: ENGINE,
    port: engineOf(ENGINE).defaultPort,
    writerHost: domain.domainEndpoint,
    securityGroups: options.securityGroups ?? securityGroupsOf(domain) ?? [],
    defaultTargetName: literalName(created?.domainName ?? domain.domainName),
  };
}

function isPublic(endpoint: string): boolean {
  return !Token.isUnresolved(endpoint) && PUBLIC_HOST.test(endpoint);
}
