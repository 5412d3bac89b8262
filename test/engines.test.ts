import { ENGINES, engineOf } from '../src/engines';

test.each([
  ['aurora-postgresql', 5432, 'postgres', 'psql'],
  ['postgres', 5432, 'postgres', 'psql'],
  ['aurora-mysql', 3306, 'mysql', 'mysql'],
  ['mysql', 3306, 'mysql', 'mysql'],
  ['mariadb', 3306, 'mysql', 'mysql'],
  ['sqlserver-se', 1433, 'tcp', 'sqlcmd'],
  ['oracle-ee', 1521, 'tcp', 'sqlplus'],
  ['redis', 6379, 'redis', 'redis-cli'],
  ['valkey', 6379, 'redis', 'valkey-cli'],
])('%s listens on %i, is probed by %s and talked to with %s', (name, defaultPort, probe, client) => {
  expect(engineOf(name)).toMatchObject({ defaultPort, probe, client });
});

test.each(['neptune', '', 'constructor', '__proto__'])('an engine that is not in the table is reached by plain TCP: "%s"', (name) => {
  expect(engineOf(name)).toEqual({ defaultPort: 0, probe: 'tcp', environment: {} });
});

test('every engine has a port that one can connect to', () => {
  for (const [name, engine] of Object.entries(ENGINES)) expect([name, engine.defaultPort > 0 && engine.defaultPort < 65536]).toEqual([name, true]);
});
