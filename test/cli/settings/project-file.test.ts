import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLAGS } from '../../../src/cli/flags';
import { FILE_FLAGS, parseProjectFile } from '../../../src/cli/settings/project-file';
import { projectFileSchema } from '../../../src/cli/settings/schema';
import type { Problem } from '../../../src/problem';

const parse = (json: unknown, within: string[] = []) => parseProjectFile(json, { label: 'connect.json', path: '/x/connect.json', within });

const GOOD: readonly unknown[] = [
  {},
  { $schema: './node_modules/tunnelable-rds-cluster/connect.schema.json', region: 'eu-central-1', targets: {} },
  { 'timeout': 1.5, 'lanes': 8, 'packets-per-second': 0, 'targets': { ahbodedb: { port: 15432, role: 'reader' }, db: { target: 'ahbodedb' } } },
  { bastion: 'b', targets: { legacy: { cluster: 'legacy-db' } } },
];

test('says for each value where it was said, with the key that leads there', () => {
  const { values, targets } = parse({ region: 'eu-central-1', targets: { db: { target: 'ahbodedb', port: 15432 }, legacy: { bastion: 'b', cluster: 'c' } } }, ['connect']);
  expect(values).toEqual({ region: { value: 'eu-central-1', source: { kind: 'file', where: 'connect.json: connect.region' } } });
  expect(targets.get('db')).toEqual({ target: 'ahbodedb', values: { port: { value: 15432, source: { kind: 'file', where: 'connect.json: connect.targets.db.port' } } } });
  expect(targets.get('legacy')).toEqual({ values: expect.objectContaining({ cluster: expect.objectContaining({ value: 'c' }) }) });
});

/** What a file holds, what is said of it, and what to type; and whether JSON Schema cannot see it. */
const BAD: readonly [json: unknown, message: string, next: string, unseen?: true][] = [
  [[], 'connect.json is no object: expected { ... }', 'correct the file, or add --config none to read no project file'],
  ['text', 'connect.json is no object', '--config none'],
  [{ port: 70000 }, 'connect.json: port is 70000: expected a port', '--config none'],
  [{ targets: { ahbodedb: { port: 70000 } } }, 'connect.json: targets.ahbodedb.port is 70000: expected a port from 1 to 65535', '--config none'],
  [{ targets: { ahbodedb: { port: [1, 2] } } }, 'connect.json: targets.ahbodedb.port is [1,2]: expected a text or a number', '--config none'],
  [{ port: null }, 'connect.json: port is null: expected a text or a number', '--config none'],
  [{ port: true }, 'connect.json: port is true: expected a port', '--config none'],
  [{ region: '' }, 'connect.json: region is empty', '--config none'],
  [{ role: 'admin' }, 'connect.json: role is "admin": expected writer or reader', '--config none'],
  [{ prot: 1 }, 'connect.json: prot is not known', 'did you mean "port"?'],
  [{ zzzzzzzz: 1 }, 'connect.json: zzzzzzzz is not known', 'what may stand there: $schema, targets, port'],
  [{ targets: { a: { targte: 'b' } } }, 'connect.json: targets.a.targte is not known', 'did you mean "target"?'],
  [{ targets: { a: { targets: {} } } }, 'connect.json: targets.a.targets is not known', 'did you mean "target"?'],
  [{ target: 'a' }, 'connect.json: target is not known', 'did you mean "targets"?'],
  [JSON.parse('{ "__proto__": { "port": 1 } }'), 'connect.json: __proto__ is not known', 'what may stand there'],
  [{ constructor: 1 }, 'connect.json: constructor is not known', 'what may stand there'],
  [{ shared: true }, 'connect.json: shared is not for a file', 'take it out, and type --shared or set CONNECT_SHARED'],
  [{ targets: { a: { all: true } } }, 'connect.json: targets.a.all is not for a file', 'take it out, and type --all'],
  [{ targets: [] }, 'connect.json: targets is no object', '--config none'],
  [{ targets: { a: 'b' } }, 'connect.json: targets.a is no object', '--config none'],
  [{ targets: { 'a b': {} } }, 'connect.json: targets.a b cannot be a target\'s name: it must start', '--config none'],
  [{ targets: { psql: {} } }, 'connect.json: targets.psql cannot be a target\'s name: the name is reserved', '--config none', true],
  [{ targets: { a: { target: 1 } } }, 'connect.json: targets.a.target is no text', '--config none'],
  [{ targets: { a: { target: '../b' } } }, 'connect.json: targets.a.target cannot be a target\'s name', '--config none', true],
  [{ targets: { a: { target: 'b', cluster: 'c', bastion: 'd' } } }, 'connect.json: targets.a has both "target" and "bastion"', 'leave one of them out', true],
  [{ targets: { a: { cluster: 'c' } } }, 'connect.json: targets.a has "cluster" without "bastion"', 'add "bastion"', true],
];

test.each(BAD)('%j is refused: %s', (json, message, next) => {
  const refused = expect(() => parse(json));
  refused.toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message), next: expect.stringContaining(next) }) as unknown as Problem);
});

test.each(GOOD)('%j is taken', (json) => {
  expect(() => parse(json)).not.toThrow();
});

test('what opens up, ends or hides something is for no file', () => {
  for (const name of ['shared', 'all', 'stop-bastion', 'json', 'quiet', 'verbose', 'foreground', 'config'] as const) expect(FLAGS[name].inFile).toBe(false);
  expect(FILE_FLAGS).toEqual(expect.arrayContaining([
    'port', 'role', 'region', 'profile', 'prefix', 'timeout', 'transport', 'lanes', 'packets-per-second', 'reason', 'bastion', 'cluster',
  ]));
});

test('the schema that is shipped is the one of the table of flags', () => {
  const shipped = JSON.parse(readFileSync(join(__dirname, '../../../connect.schema.json'), 'utf8'));
  expect(shipped).toEqual(JSON.parse(JSON.stringify(projectFileSchema())));
});

test('the schema takes and refuses what the command line does, as far as a schema can say it', () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports, import/no-extraneous-dependencies -- the linter brings it
  const Ajv = require('ajv') as new () => { compile(schema: object): (json: unknown) => boolean };
  const takes = new Ajv().compile(projectFileSchema());
  for (const json of GOOD) expect([json, takes(json)]).toEqual([json, true]);
  for (const [json, , , unseen = false] of BAD) expect([json, takes(json)]).toEqual([json, unseen]);
});
