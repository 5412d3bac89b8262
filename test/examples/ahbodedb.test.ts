import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Template } from 'aws-cdk-lib/assertions';
import { AhbodedbStack } from '../../examples/ahbodedb/stack';
import { descriptorOf, testApp } from '../construct/support';

function example(): AhbodedbStack {
  return new AhbodedbStack(testApp(), 'AhbodedbStack');
}

test('it is an Aurora PostgreSQL cluster called ahbodedb, and the way to it', () => {
  const stack = example();
  Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBCluster', {
    DBClusterIdentifier: 'ahbodedb', StorageEncrypted: true, EnableIAMDatabaseAuthentication: true, DeletionProtection: true,
  });
  expect(descriptorOf(stack, 'ahbodedb')).toMatchObject({
    name: 'ahbodedb', bastion: { exid: 'vpc-main-bastion' }, target: { engine: 'aurora-postgresql', port: 5432, database: 'app' },
  });
});

test('npx cdk synth makes the same template, without credentials and without a look-up', async () => {
  const output = await mkdtemp(join(tmpdir(), 'cdk-out-'));
  try {
    const nowhere = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' };
    await promisify(execFile)('npx', ['cdk', 'synth', '--quiet', '--output', output], { env: { ...process.env, ...nowhere } });
    const [template, manifest] = await Promise.all(['AhbodedbStack.template.json', 'manifest.json']
      .map(async (file) => JSON.parse(await readFile(join(output, file), 'utf8'))));
    expect(Object.keys(template.Resources).filter((id) => id !== 'CDKMetadata')).toEqual(Object.keys(Template.fromStack(example()).toJSON().Resources));
    expect(manifest.missing).toBeUndefined();
  } finally {
    await rm(output, { recursive: true });
  }
});
