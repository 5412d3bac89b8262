import { COMMANDS } from '../../../src/cli/commands';
import { parseProjectFile } from '../../../src/cli/settings/project-file';
import { resolveSettings, type Said, valuesOf } from '../../../src/cli/settings/resolve';

const FILE = parseProjectFile({
  region: 'eu-central-1',
  profile: 'team',
  bastion: 'b',
  port: 10001,
  targets: { db: { target: 'ahbodedb', role: 'reader', port: 10002, region: 'eu-west-1' }, legacy: { cluster: 'legacy-db' } },
}, { label: 'connect.json', path: '/x/connect.json', within: [] });

const said = ({ verb = 'open', flags = {}, environment = {}, file = FILE }: Partial<Said> & { verb?: string }): Said =>
  ({ command: COMMANDS.find(({ name }) => name === verb)!, flags, environment, file });
const named = (name: string, port?: string) => ({ typed: name, name, port });

test.each([
  ['the flag before all', { flags: { port: '1' }, environment: { CONNECT_PORT: '2' } }, 1, 'flag', '--port'],
  ['the environment before the file', { environment: { CONNECT_PORT: '2' } }, 2, 'environment', 'CONNECT_PORT'],
  ['the target\'s own before that of all', {}, 10002, 'file', 'connect.json: targets.db.port'],
])('%s', (_, what, value, kind, where) => {
  expect(resolveSettings(said(what), named('db')).port).toEqual({ value, source: { kind, where } });
});

test('what is said of all targets holds for one of which nothing is said, and for none', () => {
  for (const target of [named('other'), undefined]) {
    expect(resolveSettings(said({}), target)).toMatchObject({ port: { value: 10001 }, region: { value: 'eu-central-1' } });
  }
});

test('a port beside the name is typed too, and is not said twice', () => {
  expect(resolveSettings(said({ environment: { CONNECT_PORT: 'bad' } }), named('db', '7')).port).toMatchObject({ value: 7, source: { kind: 'flag' } });
  expect(() => resolveSettings(said({ flags: { port: '8' } }), { ...named('db', '7'), typed: 'db=7' })).toThrow('db=7 and --port 8 both name a port');
  expect(() => resolveSettings(said({}), named('db', ''))).toThrow('the port of db is empty');
  expect(() => resolveSettings(said({}), named('db', 'x'))).toThrow('the port of db is "x"');
});

test('a bad value that is outvoted is not looked at', () => {
  expect(resolveSettings(said({ flags: { port: '1' }, environment: { CONNECT_PORT: 'bad' } }), named('db')).port?.value).toBe(1);
});

test('of a bastion and a cluster neither the environment nor the file has a say beside a target, but for one that is a cluster', () => {
  const environment = { CONNECT_CLUSTER: 'other', CONNECT_BASTION: 'other' };
  expect(valuesOf(resolveSettings(said({ environment }), named('db')))).toEqual({ port: 10002, role: 'reader', region: 'eu-west-1', profile: 'team' });
  expect(valuesOf(resolveSettings(said({ environment }), named('legacy')))).toMatchObject({ cluster: 'legacy-db', bastion: 'b' });
});

test('of what is open a file says only what a name stands for: not on which port it is, and nothing where no name was given', () => {
  for (const verb of ['status', 'close', 'logs']) {
    expect(valuesOf(resolveSettings(said({ verb }), named('db')))).toEqual({ role: 'reader', region: 'eu-west-1', profile: 'team' });
    expect(valuesOf(resolveSettings(said({ verb, flags: { port: '1' } })))).toEqual({ port: 1 });
  }
  expect(resolveSettings(said({ verb: 'list' }))).toEqual({});
  expect(valuesOf(resolveSettings(said({ verb: 'close', flags: { all: true }, environment: { CONNECT_ROLE: 'reader' } })))).toEqual({ all: true });
  expect(valuesOf(resolveSettings(said({ verb: 'targets' })))).toEqual({ region: 'eu-central-1', profile: 'team' });
});
