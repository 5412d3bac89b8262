import { App, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as cxapi from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';

/** What is deployed to be looked at, and then removed without a trace. */
export const REMOVABLE = { removalPolicy: RemovalPolicy.DESTROY, deletionProtection: false } as const;

/** An app whose assembly says nothing of the machine that it was made on, and little that is not in its templates. */
export function integApp(): App {
  return new App({
    analyticsReporting: false,
    treeMetadata: false,
    postCliContext: { [cxapi.DISABLE_CREATION_STACK_TRACES]: true, [cxapi.ENABLE_ADDITIONAL_METADATA_COLLECTION]: false },
  });
}

/** Two zones, and no asset: nothing has to be uploaded. */
export function integVpc(scope: Construct, props: ec2.VpcProps): ec2.Vpc {
  return new ec2.Vpc(scope, 'Vpc', { maxAzs: 2, restrictDefaultSecurityGroup: false, ...props });
}
