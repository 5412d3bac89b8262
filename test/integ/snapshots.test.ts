import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SNAPSHOTS = readdirSync(__dirname).filter((name) => name.endsWith('.snapshot'));
const filesOf = (snapshot: string): [name: string, text: string][] => readdirSync(join(__dirname, snapshot), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name), 'utf8')]);

const ROOT = join(__dirname, '..', '..');

test('each of the apps has a snapshot', () => {
  const apps = readdirSync(__dirname).filter((name) => /^integ\..*\.ts$/.test(name));
  expect(SNAPSHOTS).toEqual(apps.map((app) => `${app}.snapshot`));
});

test.each(SNAPSHOTS)('%s says nothing of the machine that it was made on', (snapshot) => {
  const told = filesOf(snapshot).filter(([, text]) => /node_modules|\.ts:\d|creationStack/.test(text) || text.includes(ROOT)).map(([name]) => name);
  expect(told).toEqual([]);
});

test.each(SNAPSHOTS)('%s has nothing to upload but templates, and goes to any account and region', (snapshot) => {
  const files = filesOf(snapshot);
  const uploaded = files.filter(([name]) => name.endsWith('.assets.json')).flatMap(([, text]) => Object.values<any>(JSON.parse(text).files));
  expect(uploaded.map(({ source }) => source.path).filter((path) => !path.endsWith('.template.json'))).toEqual([]);
  const [, manifest] = files.find(([name]) => name === 'manifest.json')!;
  const environments = Object.values<any>(JSON.parse(manifest).artifacts).flatMap(({ environment }) => environment ?? []);
  expect(new Set(environments)).toEqual(new Set(['aws://unknown-account/unknown-region']));
});
