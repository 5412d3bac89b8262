import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

const CDK = createRequire(__filename).resolve('aws-cdk/bin/cdk');
const ROOT = join(__dirname, '..', '..');
const STACK = 'AhbodedbStack';
const NOWHERE = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' };

/** What a bastion is made of anew when its user data or image changes: it holds no state and no name, and is found by its tag. */
const MAY_BE_REPLACED = [/^AWS::EC2::Instance AhbodedbBastionInstance/];

interface Difference {
  readonly exit: number | undefined;
  readonly said: string;
  /** Type and logical id of each resource that an upgrade would destroy, replace, or replace perhaps. */
  readonly lost: string[];
}

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'upgrade-test-')); });
afterEach(async () => rm(folder, { recursive: true }));

async function cdk(...args: string[]): Promise<{ exitCode?: number; all?: string }> {
  return execa(process.execPath, [CDK, ...args], { cwd: ROOT, env: { ...NOWHERE, NO_COLOR: '1' }, all: true, reject: false });
}

/** How the example of today differs from a template, as the CDK's own command line sees it. */
async function diff(template: string): Promise<Difference> {
  const { exitCode, all = '' } = await cdk('diff', STACK, '--template', template, '--fail', '--output', join(folder, 'diff'));
  const resources = all.matchAll(/^\[[-+~]\] (AWS::\S+) .*?(\S+)(?: \(?(destroy|orphan|replace|may be replaced)\)?)?$/gm);
  const lost = [...resources].flatMap(([, type, id, fate]) => (fate === undefined ? [] : [`${type} ${id} ${fate}`]));
  return { exit: exitCode, said: all, lost };
}

test('cdk diff of the same app twice is empty', async () => {
  await cdk('synth', '--quiet', '--output', join(folder, 'synth'));
  const { exit, said } = await diff(join(folder, 'synth', `${STACK}.template.json`));
  expect({ exit, said }).toEqual({ exit: 0, said: expect.stringContaining('There were no differences') });
});

test('an upgrade from each release replaces and destroys nothing that holds state or a name', async () => {
  const entries = await readdir(__dirname, { withFileTypes: true });
  const releases = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(releases).toContain('0.0.0');
  for (const release of releases) {
    const { said, lost } = await diff(join(__dirname, release, `${STACK}.template.json`));
    expect(said).toContain('Number of stacks with differences');
    expect(lost.filter((resource) => !MAY_BE_REPLACED.some((pattern) => pattern.test(resource)))).toEqual([]);
  }
});

test('fails when a parameter would get another name, or a security group would go', async () => {
  const template = JSON.parse(await readFile(join(__dirname, '0.0.0', `${STACK}.template.json`), 'utf8'));
  const descriptor = Object.keys(template.Resources).find((id) => id.includes('Descriptor'))!;
  template.Resources[descriptor].Properties.Name = '/tunnelable-rds/another';
  template.Resources.Gone = { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'one that is not made any more' } };
  const path = join(folder, 'changed.template.json');
  await writeFile(path, JSON.stringify(template));
  expect((await diff(path)).lost).toEqual(expect.arrayContaining([`AWS::SSM::Parameter ${descriptor} replace`, 'AWS::EC2::SecurityGroup Gone destroy']));
});
