import type { Stack } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import { type ProxySourceOptions, TunnelSource } from '../../../src';
import { MYSQL, POSTGRES, someCluster, someVpc, testStack } from '../support';
import { defaultName, describedTarget, group, type Make, resolved, targetInto, waysIn } from './support';

const SQL_SERVER = rds.DatabaseInstanceEngine.sqlServerSe({ version: rds.SqlServerEngineVersion.VER_16 });

function proxyOf(target: rds.ProxyTarget, stack: Stack, props: Partial<rds.DatabaseProxyProps> = {}): rds.DatabaseProxy {
  const secrets = [new rds.DatabaseSecret(stack, 'User', { username: 'app' })];
  return new rds.DatabaseProxy(stack, 'Proxy', { proxyTarget: target, vpc: someVpc(stack, 'ProxyVpc'), secrets, ...props });
}

function proxyOfCluster(stack: Stack, engine: rds.IClusterEngine = POSTGRES, props: Partial<rds.DatabaseProxyProps> = {}): rds.DatabaseProxy {
  return proxyOf(rds.ProxyTarget.fromCluster(someCluster(stack, { engine, port: 6000 })), stack, props);
}

function proxyOfSqlServer(stack: Stack): rds.DatabaseProxy {
  return proxyOf(rds.ProxyTarget.fromInstance(rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Instance', {
    instanceIdentifier: 'sales', instanceEndpointAddress: 'instance.example', port: 6000, engine: SQL_SERVER, securityGroups: [],
  })), stack);
}

function importedProxy(stack: Stack): rds.IDatabaseProxy {
  return rds.DatabaseProxy.fromDatabaseProxyAttributes(stack, 'Imported', {
    dbProxyName: 'Imported-Proxy',
    dbProxyArn: 'arn:aws:rds:eu-central-1:123456789012:db-proxy:prx-0123456789abcdef0',
    endpoint: 'proxy.example',
    securityGroups: [group(stack)],
  });
}

const imported = (options: ProxySourceOptions = { engine: 'mysql' }): Make => (stack) => TunnelSource.proxy(importedProxy(stack), options);
const withReader = (props: Partial<rds.DatabaseProxyEndpointOptions>): Make => (stack) => {
  const proxy = proxyOfCluster(stack);
  const readerEndpoint = proxy.addEndpoint('Reader', { vpc: someVpc(stack, 'ReaderVpc'), ...props });
  return TunnelSource.proxy(proxy, { readerEndpoint, securityGroups: [...proxy.connections.securityGroups, group(stack, 'sg-reader')] });
};

test.each<[string, Make, object]>([
  ['PostgreSQL', (stack) => TunnelSource.proxy(proxyOfCluster(stack)), { engine: 'postgres', port: 5432 }],
  ['MySQL', (stack) => TunnelSource.proxy(proxyOfCluster(stack, MYSQL)), { engine: 'mysql', port: 3306 }],
  ['SQL Server', (stack) => TunnelSource.proxy(proxyOfSqlServer(stack)), { engine: 'sqlserver', port: 1433 }],
])('a proxy of %s has the usual port, whatever that of its database', (_, make, target) => {
  expect(describedTarget(make)).toMatchObject({ kind: 'rds-proxy', host: { writer: expect.stringMatching(/^endpoint-of-proxy/) }, ...target });
});

test('a proxy that is imported is described', () => {
  expect(describedTarget(imported())).toEqual({
    kind: 'rds-proxy', name: 'Imported-Proxy', engine: 'mysql', port: 3306, host: { writer: 'proxy.example' },
  });
});

test('a reader endpoint is where one reads', () => {
  expect(describedTarget(withReader({ targetRole: rds.ProxyEndpointTargetRole.READ_ONLY })).host).toEqual({
    writer: expect.stringMatching(/^endpoint-of-proxy/), reader: expect.stringMatching(/^endpoint-of-proxyreader/),
  });
});

test('a reader endpoint may be imported', () => {
  const make: Make = (stack) => imported({
    engine: 'postgres',
    readerEndpoint: rds.DatabaseProxyEndpoint.fromDatabaseProxyEndpointAttributes(stack, 'Reader', {
      dbProxyEndpointName: 'reader',
      dbProxyEndpointArn: 'arn:aws:rds:eu-central-1:123456789012:db-proxy-endpoint:prx-endpoint-1',
      endpoint: 'reader.example',
    }),
  })(stack);
  expect(describedTarget(make).host).toEqual({ writer: 'proxy.example', reader: 'reader.example' });
});

test('its security groups let the bastion in: those of the proxy, or those that were passed', () => {
  const proxyGroup = { 'Fn::GetAtt': [expect.stringMatching(/^ProxyProxySecurityGroup/), 'GroupId'] };
  expect(waysIn((stack) => TunnelSource.proxy(proxyOfCluster(stack)))).toEqual([[proxyGroup, 5432]]);
  expect(waysIn(withReader({ targetRole: rds.ProxyEndpointTargetRole.READ_ONLY }))).toEqual([[proxyGroup, 5432], ['sg-reader', 5432]]);
  expect(waysIn((stack) => imported({ engine: 'mysql', securityGroups: [group(stack, 'sg-2')] })(stack))).toEqual([['sg-2', 3306]]);
});

test('a proxy that is imported has forgotten its security groups', () => {
  expect(waysIn(imported())).toEqual([]);
});

test('the id for logging in by IAM is in the ARN', () => {
  expect(resolved(imported(), ({ rdsResourceId }) => rdsResourceId)).toBe('prx-0123456789abcdef0');
  expect(resolved((stack) => TunnelSource.proxy(proxyOfCluster(stack)), ({ rdsResourceId }) => rdsResourceId)).toEqual({
    'Fn::Select': [6, { 'Fn::Split': [':', { 'Fn::GetAtt': [expect.stringMatching(/^Proxy/), 'DBProxyArn'] }] }],
  });
});

test('the target is called by the literal name of the proxy, lower-cased', () => {
  expect(defaultName((stack) => TunnelSource.proxy(proxyOfCluster(stack, POSTGRES, { dbProxyName: 'Ahbode' })))).toBe('ahbode');
  expect(defaultName(imported())).toBe('imported-proxy');
});

test('fails when the engine of an imported proxy is not passed', () => {
  const stack = testStack();
  expect(() => targetInto(stack, imported({})(stack))).toThrow(new Error(
    'the engine of the proxy "Stack/Imported" is not known; pass engine to TunnelSource.proxy'));
});

test.each<[string, rds.ProxyEndpointTargetRole | undefined]>([
  ['is for writing too', rds.ProxyEndpointTargetRole.READ_WRITE],
  ['says nothing, which is for writing too', undefined],
])('fails when the role of the reader endpoint %s', (_, targetRole) => {
  const stack = testStack();
  expect(() => targetInto(stack, withReader({ targetRole })(stack))).toThrow(new Error(
    'readerEndpoint "Stack/Proxy/Reader" is for writing too; pass one whose targetRole is READ_ONLY'));
});
