import { isInstalled } from '../support/optional-tools';
import { AUTHORITY } from '../support/postgres';
import { exampleDescriptor, putDescriptor } from './support/descriptor';
import { type Login, RealServer } from './support/real-servers';
import { scenario } from './support/scenario';
import type { World } from './support/world';

const LOGIN: Login = { user: 'alice', password: 'p@ss:w0rd/and-more', database: 'app' };

const testWithAll = (...programs: string[]): typeof test => (programs.every(isInstalled) ? test : test.skip as typeof test);

/** A target of an engine, which leads to a server of it, and whose secret holds a login. */
function lead({ aws }: World, server: RealServer, engine: string): void {
  const { target } = exampleDescriptor(aws);
  const { user: username, password, database } = LOGIN;
  const { arn } = aws.storedSecrets.put('some-login', JSON.stringify({ username, password, host: target.host.writer }));
  aws.hosts.map(target.host.writer, server);
  putDescriptor(aws, { name: 'some', target: { ...target, engine, database, port: server.port }, credentials: { secretArn: arn } });
}

scenario('connect mysql: the real client logs in over TLS, with a password that is in no argument', async (world) => {
  const server = await RealServer.mariadb(LOGIN);
  world.atEnd(async () => server.stop());
  lead(world, server, 'mysql');
  const sql = "select current_user(), database(), variable_value like 'TLS%' from information_schema.session_status where variable_name = 'ssl_version'";
  for (const command of ['mysql', 'shell']) {
    const { exit, stdout, stderr } = await world.connect([command, 'some', '--port', '0', '--close', '--ca', AUTHORITY, '--', '--batch', '--skip-column-names', '--execute', sql]);
    expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: 'alice@%\tapp\t1\n', stderr: expect.any(String) });
  }
  const distrusted = await world.connect(['mysql', 'some', '--port', '0', '--close', '--', '--execute', 'select 1']);
  expect(distrusted).toMatchObject({ exit: 8, stdout: '' });
}, { run: testWithAll('mariadbd', 'mariadb-install-db', 'mysql'), timeout: 60_000 });

scenario('connect redis-cli: the real client logs in over TLS', async (world) => {
  const server = await RealServer.redis(LOGIN);
  world.atEnd(async () => server.stop());
  lead(world, server, 'redis');
  const { exit, stdout, stderr } = await world.connect(['redis-cli', 'some', '--port', '0', '--close', '--ca', AUTHORITY, '--', 'ACL', 'WHOAMI']);
  expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: 'alice\n', stderr: expect.any(String) });
}, { run: testWithAll('redis-server', 'redis-cli'), timeout: 60_000 });
