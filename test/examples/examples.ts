import type { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AhbodedbStack } from '../../examples/ahbodedb/stack';
import { EXISTING } from '../../examples/bring-your-own-cluster/existing';
import { BringYourOwnClusterStack } from '../../examples/bring-your-own-cluster/stack';
import { DatabaseStack } from '../../examples/identity-center/database-stack';
import { DATABASE, IDENTITY_CENTER } from '../../examples/identity-center/existing';
import { PermissionSetStack } from '../../examples/identity-center/permission-set-stack';
import { IsolatedSubnetsStack } from '../../examples/isolated-subnets/stack';
import { MinimalStack } from '../../examples/minimal/stack';
import { SharedBastionStack } from '../../examples/shared-bastion/stack';
import { testApp } from '../construct/support';

export type ExampleName = keyof typeof EXAMPLES;

/** What each example puts into an app: what its `main.ts` does. */
const EXAMPLES = {
  'ahbodedb': (app: App): Stack[] => [new AhbodedbStack(app, 'AhbodedbStack')],
  'bring-your-own-cluster': (app: App): Stack[] => [new BringYourOwnClusterStack(app, 'BringYourOwnClusterStack', { existing: EXISTING })],
  'identity-center': (app: App): Stack[] => {
    const database = new DatabaseStack(app, 'DatabaseStack', { env: DATABASE });
    const { connectPolicy } = database;
    return [database, new PermissionSetStack(app, 'PermissionSetStack', { ...IDENTITY_CENTER, databaseAccount: DATABASE.account, connectPolicy })];
  },
  'isolated-subnets': (app: App): Stack[] => [new IsolatedSubnetsStack(app, 'IsolatedSubnetsStack')],
  'minimal': (app: App): Stack[] => [new MinimalStack(app, 'MinimalStack')],
  'shared-bastion': (app: App): Stack[] => [new SharedBastionStack(app, 'SharedBastionStack')],
};

export const NAMES = Object.keys(EXAMPLES) as ExampleName[];

export function stacksOf(example: ExampleName): Stack[] {
  return EXAMPLES[example](testApp());
}

/** Those of another synthesis each time, by the names of the stacks. */
export function freshTemplatesOf(example: ExampleName): Record<string, any> {
  return Object.fromEntries(stacksOf(example).map((stack) => [stack.stackName, Template.fromStack(stack).toJSON()]));
}

const templates = new Map<ExampleName, Record<string, any>>();

/** By the names of the stacks. */
export function templatesOf(example: ExampleName): Record<string, any> {
  const known = templates.get(example) ?? freshTemplatesOf(example);
  templates.set(example, known);
  return known;
}

/** In all stacks of an example. */
export function resourcesOf(example: ExampleName): any[] {
  return Object.values(templatesOf(example)).flatMap(({ Resources }) => Object.values(Resources));
}

export function propertiesOf(example: ExampleName, ...types: string[]): any[] {
  return resourcesOf(example).filter(({ Type }) => types.includes(Type)).map(({ Properties }) => Properties);
}
