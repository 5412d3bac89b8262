import * as opensearch from 'aws-cdk-lib/aws-opensearchservice';
import { type OpenSearchSourceOptions, TunnelSource } from '../../../src';
import { ACCOUNT, REGION, someVpc, testStack } from '../support';
import { defaultName, describedTarget, group, type Make, targetInto, waysIn } from './support';

const created = (props: Partial<opensearch.DomainProps> = {}): Make => (stack) => TunnelSource.openSearch(
  new opensearch.Domain(stack, 'Domain', {
    version: opensearch.EngineVersion.OPENSEARCH_2_19,
    vpc: someVpc(stack),
    vpcSubnets: [{ subnets: [someVpc(stack, 'Subnets').privateSubnets[0]!] }],
    ...props,
  }));

const imported = (endpoint: string, options?: OpenSearchSourceOptions): Make => (stack) => TunnelSource.openSearch(
  opensearch.Domain.fromDomainAttributes(stack, 'Imported', {
    domainArn: `arn:aws:es:${REGION}:${ACCOUNT}:domain/Audit`, domainEndpoint: endpoint,
  }), options);

const VPC_ENDPOINT = 'https://vpc-audit-abcdefghijkl.eu-central-1.es.amazonaws.com';

test('a domain that is created is described', () => {
  expect(describedTarget(created())).toEqual({
    kind: 'opensearch-domain',
    name: expect.stringMatching(/^ref-of-Domain/),
    engine: 'opensearch',
    port: 443,
    host: { writer: expect.stringMatching(/^domainendpoint-of-domain/) },
  });
});

test('a domain that is imported is described, without the scheme of its endpoint', () => {
  expect(describedTarget(imported(VPC_ENDPOINT))).toEqual({
    kind: 'opensearch-domain',
    name: 'Audit',
    engine: 'opensearch',
    port: 443,
    host: { writer: 'vpc-audit-abcdefghijkl.eu-central-1.es.amazonaws.com' },
  });
});

test('its security groups let the bastion in: those of the domain, or those that were passed', () => {
  expect(waysIn(created())).toEqual([[{ 'Fn::GetAtt': [expect.stringMatching(/^DomainSecurityGroup/), 'GroupId'] }, 443]]);
  expect(waysIn((stack) => imported(VPC_ENDPOINT, { securityGroups: [group(stack)] })(stack))).toEqual([['sg-1', 443]]);
  expect(waysIn(imported(VPC_ENDPOINT))).toEqual([]);
});

test('the target is called by the literal name of the domain, lower-cased', () => {
  expect(defaultName(created({ domainName: 'orders' }))).toBe('orders');
  expect(defaultName(imported(VPC_ENDPOINT))).toBe('audit');
});

test.each<[string, Make, string]>([
  ['created', created({ vpc: undefined, vpcSubnets: undefined }), 'Stack/Domain'],
  ['imported', imported('https://search-audit-abcdefghijkl.eu-central-1.es.amazonaws.com'), 'Stack/Imported'],
])('fails when a domain that is %s is in no VPC', (_, make, path) => {
  const stack = testStack();
  expect(() => targetInto(stack, make(stack))).toThrow(new Error(
    `the domain "${path}" is in no VPC: it has a public endpoint, to which no tunnel leads; pass a domain with a vpc`));
});
