import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ACKNOWLEDGEMENTS } from '../../../src/construct/acknowledgements';
import { stacksOf } from '../support';
import { type Acknowledged, acknowledgedIn, allFindingsIn, appOf, findingsIn, isAbout, PACK_NAMES } from './findings';
import { VARIANTS } from './variants';
import type { Variant } from './variants/variant';

const apps = new Map<string, App>();

/** Made when it is first asked for. */
function made(variant: Variant): App {
  const app = apps.get(variant.name) ?? appOf(variant);
  apps.set(variant.name, app);
  return app;
}

describe.each(VARIANTS)('$name', (variant) => {
  test.each(PACK_NAMES)('%s finds nothing that is not acknowledged', (pack) => {
    expect(findingsIn(made(variant), pack)).toEqual([]);
  });
});

test.each(VARIANTS.filter(({ leftToTheApp }) => leftToTheApp))('$name: what is left to the app is found', (variant) => {
  const found = allFindingsIn(made(variant)).map(({ id }) => id);
  expect(Object.keys(variant.leftToTheApp!).filter((id) => !found.includes(id))).toEqual([]);
});

const acknowledged = (): Acknowledged[] => VARIANTS.map(made).flatMap(acknowledgedIn);

/** For what kind of construct, and which finding, wherever it goes: each once, in order. */
function kindsOf(some: Acknowledged[]): string[] {
  const kinds = some.map(({ path, id }) => [path.split('/').at(-1)!.split(':')[0], anywhere(id)].join(' '));
  return [...new Set(kinds)].sort();
}

function anywhere(id: string): string {
  return id.replace(/:aws(-cn)?:/, ':<AWS::Partition>:').replace(/:[a-z]+-[a-z]+-\d:/, ':<AWS::Region>:').replace(/:\d{12}:/, ':<AWS::AccountId>:');
}

/** The rules that are wrong about us, in certain stacks, are not in it: what they ask for is so. */
test('this is all that is found in a bastion with a target and a grantee, acknowledged or not', () => {
  const [plain] = VARIANTS;
  const grantee = 'Ours/Target/ConnectPolicy/Resource';
  const instance = 'Ours/Bastion/Instance/Resource';
  const place = '<AWS::Region>:<AWS::AccountId>';
  expect(allFindingsIn(made(plain))).toEqual([
    { path: 'Ours/Bastion/AgentPolicy/Resource', id: 'AwsSolutions-IAM5[Resource::*]' },
    { path: grantee, id: 'AwsSolutions-IAM5[Resource::*]' },
    { path: instance, id: 'AwsSolutions-EC28' },
    { path: instance, id: 'AwsSolutions-EC29' },
    { path: grantee, id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:${place}:instance/*]` },
    { path: grantee, id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:${place}:session/*]` },
    { path: grantee, id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:${place}:session/<aws:username>-*]` },
    { path: instance, id: 'HIPAA.Security-EC2InstanceDetailedMonitoringEnabled' },
    { path: instance, id: 'NIST.800.53.R4-EC2InstanceDetailedMonitoringEnabled' },
  ]);
});

test('what is on the list of acknowledgements has been reviewed', () => {
  expect(ACKNOWLEDGEMENTS).toMatchSnapshot();
});

test('what is on the list is acknowledged somewhere, and nothing else is', () => {
  const listed = Object.values(ACKNOWLEDGEMENTS).flatMap((reasons) => Object.values(reasons));
  const given = [...new Set(acknowledged().map(({ reason }) => reason))];
  expect(listed.filter((reason) => !given.some((text) => text.includes(reason)))).toEqual([]);
  expect(given.filter((text) => listed.reduce((rest, reason) => rest.replace(reason, ''), text).trim() !== '')).toEqual([]);
});

test('what is acknowledged is found, in some construct of its kind', () => {
  const found = VARIANTS.map(made).flatMap((app) => {
    const findings = allFindingsIn(app);
    return acknowledgedIn(app).filter((one) => findings.some((finding) => isAbout(finding, one)));
  });
  expect(kindsOf(found)).toEqual(kindsOf(acknowledged()));
});

test('no template says anything of it', () => {
  const templates = VARIANTS.map(made).flatMap(stacksOf).map((stack) => Template.fromStack(stack).toJSON());
  const resources = templates.flatMap((template) => Object.values<object>(template.Resources));
  expect(resources.filter((resource) => 'Metadata' in resource)).toEqual([]);
});
