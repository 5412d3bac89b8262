import { ENGINES, engineOf } from '../src/engines';

test.each([
  ['aurora-postgresql', 5432, 'postgres', 'psql'],
  ['postgres', 5432, 'postgres', 'psql'],
  ['aurora-mysql', 3306, 'mysql', 'mysql'],
  ['mysql', 3306, 'mysql', 'mysql'],
  ['mariadb', 3306, 'mysql', 'mysql'],
  ['redshift', 5439, 'postgres', 'psql'],
  ['sqlserver', 1433, 'tcp', 'sqlcmd'],
  ['sqlserver-se', 1433, 'tcp', 'sqlcmd'],
  ['oracle', 1521, 'tcp', 'sqlplus'],
  ['oracle-ee', 1521, 'tcp', 'sqlplus'],
  ['docdb', 27017, 'mongodb', 'mongosh'],
  ['redis', 6379, 'redis', 'redis-cli'],
  ['valkey', 6379, 'redis', 'valkey-cli'],
  ['memcached', 11211, 'memcached', undefined],
  ['opensearch', 443, 'tls', 'curl'],
  ['https', 443, 'tls', 'curl'],
])('%s listens on %i, is probed by %s and talked to with %s', (name, defaultPort, probe, client) => {
  expect(engineOf(name)).toMatchObject({ defaultPort, probe });
  expect(engineOf(name).client).toBe(client);
});

test.each(['neptune', '', 'constructor', '__proto__'])('an engine that is not in the table is reached by plain TCP: "%s"', (name) => {
  expect(engineOf(name)).toEqual({ defaultPort: 0, probe: 'tcp', environment: {} });
});

test('every engine has a port that one can connect to', () => {
  for (const [name, engine] of Object.entries(ENGINES)) expect([name, engine.defaultPort > 0 && engine.defaultPort < 65536]).toEqual([name, true]);
});

test('every engine has a local port of its own for writing and for reading: its own and 10000 or 20000', () => {
  for (const [name, engine] of Object.entries(ENGINES)) expect([name, engine.defaultPort + 20_000 < 65536]).toEqual([name, true]);
});

test('a client of DocumentDB is told to stay in the tunnel, and what DocumentDB has not', () => {
  expect(new URLSearchParams(engineOf('docdb').query)).toEqual(new URLSearchParams({ directConnection: 'true', retryWrites: 'false' }));
});
