import { type App, CfnWaitConditionHandle, Stack, Validations } from 'aws-cdk-lib';
import {
  AwsSolutionsChecks, HIPAASecurityChecks, type NagPack, NIST80053R4Checks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks,
} from 'cdk-nag';
import { testApp, testStack } from '../support';
import type { Variant } from './variants/variant';

const PACKS: Readonly<Record<string, new (app: App) => NagPack>> = {
  'AwsSolutions': AwsSolutionsChecks,
  'HIPAA': HIPAASecurityChecks,
  'NIST 800-53 r4': NIST80053R4Checks,
  'NIST 800-53 r5': NIST80053R5Checks,
  'PCI DSS 3.2.1': PCIDSS321Checks,
  'Serverless': ServerlessChecks,
};

/** All that cdk-nag brings. */
export const PACK_NAMES = Object.keys(PACKS);

/** Something that is found in a construct. */
export interface Finding {
  readonly id: string;
  readonly path: string;
}

/** Something that is acknowledged for a construct and all that is in it. */
export interface Acknowledged extends Finding {
  readonly reason: string;
}

/** A cluster that we make is what the app has said it is. */
const THEIRS = ['Theirs/', 'Ours/Tunnel/Cluster/'];

/** An app with a variant, synthesized. */
export function appOf({ build, env, leftToTheApp = {} }: Variant): App {
  const app = testApp();
  const ours = new Stack(app, 'Ours', { env });
  const theirs = testStack(app, 'Theirs');
  new CfnWaitConditionHandle(theirs, 'SoThatItIsNotEmpty');
  build(ours, theirs);
  for (const [id, reason] of Object.entries(leftToTheApp)) Validations.of(ours).acknowledge({ id, reason });
  app.synth();
  return app;
}

/** What a pack finds in our part of an app: of an app that is synthesized, as when the pack is a plugin of it. */
export function findingsIn(app: App, pack: string): Finding[] {
  return new PACKS[pack](app).validateScope(app).violations
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => ({ id: ruleName, path: constructPath! })))
    .filter(({ path }) => !THEIRS.some((theirs) => path.startsWith(theirs)));
}

/** What all packs would find if nothing were acknowledged. */
export function allFindingsIn(app: App): Finding[] {
  const key = jest.replaceProperty(Validations, 'ACKNOWLEDGED_RULES_METADATA_KEY', 'none' as never);
  try {
    return PACK_NAMES.flatMap((pack) => findingsIn(app, pack));
  } finally {
    key.restore();
  }
}

/** What we have acknowledged; an app does so for a stack. */
export function acknowledgedIn(app: App): Acknowledged[] {
  return app.node.findAll().filter((construct) => !Stack.isStack(construct)).flatMap(({ node }) => node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries<string>(data).map(([id, reason]) => ({ id, reason, path: node.path }))));
}

/** Whether it is acknowledged by that. */
export function isAbout({ id, path }: Finding, acknowledged: Acknowledged): boolean {
  return id === acknowledged.id && `${path}/`.startsWith(`${acknowledged.path}/`);
}
