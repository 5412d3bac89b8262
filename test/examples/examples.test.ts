import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { abridged } from '../support/abridged';
import { freshTemplatesOf, NAMES, propertiesOf, stacksOf, templatesOf } from './examples';

const output = mkdtempSync(join(tmpdir(), 'examples-'));
beforeAll(async () => {
  const nowhere = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' };
  await promisify(execFile)('npx', ['tsx', join(__dirname, 'mains.ts'), output, ...NAMES], { env: { ...process.env, ...nowhere } });
});
afterAll(() => rmSync(output, { recursive: true }));

describe.each(NAMES)('%s', (example) => {
  test('what is in its templates', () => {
    const templates = Object.values(templatesOf(example)).map(({ Resources, Outputs }) => ({ Resources, Outputs }));
    expect(templates.map(abridged)).toMatchSnapshot();
  });

  test('two syntheses are identical', () => {
    expect(JSON.stringify(freshTemplatesOf(example))).toBe(JSON.stringify(templatesOf(example)));
  });

  test('its main.ts makes the same, without credentials and without a look-up', async () => {
    const read = async (file: string): Promise<any> => JSON.parse(await readFile(join(output, example, file), 'utf8'));
    for (const [name, template] of Object.entries(templatesOf(example))) expect(await read(`${name}.template.json`)).toEqual(template);
    expect((await read('manifest.json')).missing).toBeUndefined();
  });

  test('it warns of nothing', () => {
    expect(stacksOf(example).flatMap((stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue()))).toEqual([]);
  });

  test('what it makes to hold data is encrypted and protected, and people can log in by IAM', () => {
    for (const properties of propertiesOf(example, 'AWS::RDS::DBCluster', 'AWS::RDS::DBInstance').filter(({ DBClusterIdentifier: ofCluster }) => !ofCluster?.Ref)) {
      expect(properties).toMatchObject({ StorageEncrypted: true, EnableIAMDatabaseAuthentication: true, DeletionProtection: true });
    }
    for (const properties of propertiesOf(example, 'AWS::ElastiCache::ReplicationGroup')) {
      expect(properties).toMatchObject({ AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true });
    }
  });
});

test('each folder of examples is one of these, or python', () => {
  const folders = readdirSync(join(__dirname, '..', '..', 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(folders.sort()).toEqual([...NAMES, 'python'].sort());
});
