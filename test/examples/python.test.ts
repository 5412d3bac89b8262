import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { testWith } from '../support/optional-tools';
import { templatesOf } from './examples';
import { askedFor, offeredBy } from './python/names';
import { generatePythonPackage } from './python/package';
import { runPythonApp } from './python/run';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'python');
const APP = join(EXAMPLE, 'app.py');
const NAME = 'tunnelable_rds_cluster';

const folder = mkdtempSync(join(tmpdir(), 'python-'));
let packages: string;
let generated: string;
beforeAll(async () => {
  packages = await generatePythonPackage(folder);
  generated = await readFile(join(packages, NAME, '__init__.py'), 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true }));

function missingFrom(program: string): string[] {
  const offered = offeredBy(generated);
  return [...askedFor(program, NAME)].flatMap(([called, names]) => {
    const known = offered.get(called);
    return known ? [...names].filter((name) => !known.has(name)).map((name) => `${called}(${name}=)`) : [called];
  });
}

test('every class, method and argument that the app asks of the generated package is there', async () => {
  expect(missingFrom(await readFile(APP, 'utf8'))).toEqual([]);
});

test.each([
  ['a class', 'import TunnelBastion,', 'import TunnelTower,', ['TunnelTower']],
  ['an argument of a class', 'idle_timeout=', 'idle_time=', ['TunnelBastion(idle_time=)']],
  ['a static method', 'TunnelSource.cluster(', 'TunnelSource.clusters(', ['TunnelSource.clusters']],
  ['an argument of a static method', 'max_session_duration=', 'max_duration=', ['TunnelSessionDocument.fixed(max_duration=)']],
  ['a method', 'orders_target.grant_list(', 'orders_target.grant_all(', ['TunnelTarget.grant_all']],
  ['an argument of a method', 'database_user=', 'user=', ['TunnelTarget.grant_connect(user=)']],
])('%s that is not there would be noticed', async (_, is, wouldBe, missing) => {
  const program = await readFile(APP, 'utf8');
  expect(program).toContain(is);
  expect(missingFrom(program.replace(is, wouldBe))).toEqual(missing);
});

test('its requirements are what the package needs', async () => {
  const { peerDependencies } = JSON.parse(await readFile(join(EXAMPLE, '..', '..', 'package.json'), 'utf8'));
  const wanted = Object.entries<string>(peerDependencies).map(([name, range]) => `${name}>=${range.slice(1)},<${Number(range.slice(1).split('.')[0]) + 1}`);
  expect((await readFile(join(EXAMPLE, 'requirements.txt'), 'utf8')).trim().split('\n')).toEqual([...wanted, 'tunnelable-rds-cluster']);
});

testWith('python3')('Python takes the generated package and the app', async () => {
  const compile = 'import sys; [compile(open(path).read(), path, "exec") for path in sys.argv[1:]]';
  await promisify(execFile)('python3', ['-c', compile, APP, join(packages, NAME, '__init__.py')]);
});

testWith('python3')('run with the generated package, the app makes the template of shared-bastion', async () => {
  const made = await runPythonApp(APP, packages);
  const [stack, ...others] = made.filter((object) => Stack.isStack(object));
  expect(others).toEqual([]);
  expect(Template.fromStack(stack as Stack).toJSON()).toEqual(templatesOf('shared-bastion').SharedBastionStack);
  await rm(((stack as Stack).node.root as App).outdir, { recursive: true, force: true });
});
