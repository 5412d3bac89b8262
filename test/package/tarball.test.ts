import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(__dirname, '..', '..');
const environment = { ...process.env, npm_config_update_notifier: 'false', npm_config_fund: 'false', npm_config_audit: 'false', npm_config_loglevel: 'error' };

let folder: string;
let files: string[];
let sizes: { size: number; unpackedSize: number };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connect-package-'));
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root, env: environment });
  const [packed] = JSON.parse(stdout) as [{ filename: string; size: number; unpackedSize: number; files: { path: string }[] }];
  sizes = packed;
  files = packed.files.map(({ path }) => path);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'someone', version: '9.9.9', private: true }));
  await run('npm', ['install', '--offline', '--ignore-scripts', `./${packed.filename}`], { cwd: folder, env: environment });
}, 120_000);

afterAll(async () => rm(folder, { recursive: true, force: true }));

test('holds the construct, the bundles and their licences, and nothing that only we need', () => {
  for (const wanted of [
    '.jsii', '.jsii.gz', 'lib/index.js', 'lib/index.d.ts', 'lib/connect/launch.cjs', 'lib/connect/cli.cjs', 'lib/connect/worker.cjs', 'lib/tunnel/index.cjs', 'lib/tunnel/index.d.ts',
    'bin/connect', 'man/connect.1', 'connect.schema.json', 'THIRD_PARTY_LICENSES', 'LICENSE', 'README.md', 'API.md', 'resources/idle-stop.sh',
  ]) {
    expect(files).toContain(wanted);
  }
  const folders = new Set(files.map((file) => file.split('/')[0]));
  for (const unwanted of ['src', 'test', 'tools', 'examples', 'docs', 'demo', 'bench', 'node_modules', 'cdk.json', 'tsconfig.json', '.ci', '.projen']) {
    expect([...folders]).not.toContain(unwanted);
  }
});

test('is small: 700 KB to fetch, 2.5 MB on the disk', () => {
  expect(sizes.size).toBeLessThanOrEqual(700_000);
  expect(sizes.unpackedSize).toBeLessThanOrEqual(2_500_000);
});

test('installs alone, without a dependency', async () => {
  const installed = (await readdir(join(folder, 'node_modules'))).filter((name) => !name.startsWith('.'));
  expect(installed).toEqual(['tunnelable-rds-cluster']);
});

test.each(['connect', 'tunnelable-rds-cluster'])('runs `npx %s --help` when installed alone', async (bin) => {
  const { stdout } = await run('npx', ['--offline', bin, '--help'], { cwd: folder, env: environment });
  expect(stdout).toContain('--port');
});

test('says its own version, not that of the project it is used in', async () => {
  const { stdout } = await run('npx', ['--offline', 'connect', '--version'], { cwd: folder, env: environment });
  expect(stdout.trim()).toBe(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).version);
});

test('gives the library with its types', async () => {
  await writeFile(join(folder, 'use.cjs'), 'console.log(Object.keys(require("tunnelable-rds-cluster/tunnel")).join())');
  const { stdout } = await run('node', ['use.cjs'], { cwd: folder, env: environment });
  expect(stdout).toContain('setVpcTunnel');
  await writeFile(join(folder, 'use.ts'), [
    'import { setVpcTunnel, type DeclaredAwsVpcTunnel } from "tunnelable-rds-cluster/tunnel";',
    'const tunnel: DeclaredAwsVpcTunnel = { via: { mechanism: "aws.ssm", bastion: { exid: "b" } }, into: { cluster: { name: "c" } },',
    '  from: { host: "localhost", port: 15432 }, status: "OPEN" };',
    'export const opened: Promise<DeclaredAwsVpcTunnel> = setVpcTunnel(tunnel, { aws: { region: "us-east-1" }, log: console });',
  ].join('\n'));
  await run('node', [
    join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--module', 'node16', '--types', 'node', '--typeRoots', join(root, 'node_modules/@types'), 'use.ts',
  ], { cwd: folder, env: environment });
});

test('gives the construct beside aws-cdk-lib', async () => {
  for (const peer of ['aws-cdk-lib', 'constructs']) {
    const link = join(folder, 'node_modules', peer);
    if (existsSync(link)) continue;
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', peer), link);
  }
  await writeFile(join(folder, 'app.cjs'), [
    'const { App, Stack, aws_ec2: ec2 } = require("aws-cdk-lib");',
    'const { TunnelBastion } = require("tunnelable-rds-cluster");',
    'const stack = new Stack(new App(), "S");',
    'new TunnelBastion(stack, "B", { vpc: new ec2.Vpc(stack, "V"), exid: "one" });',
    'const { Template } = require("aws-cdk-lib/assertions");',
    'console.log(Object.keys(Template.fromStack(stack).findResources("AWS::EC2::Instance")).length);',
  ].join('\n'));
  const { stdout } = await run('node', ['app.cjs'], { cwd: folder, env: environment });
  expect(stdout.trim()).toBe('1');
});
