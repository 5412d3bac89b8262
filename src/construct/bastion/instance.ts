import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledgements';
import { describeMachine, type MachineParts } from './machine';
import { isPublic } from './network';

/** An instance that can stop itself, and is replaced when what it does at its first start changes. */
export function createInstance(scope: Construct, parts: MachineParts): ec2.Instance {
  const { vpc, subnets } = parts.network;
  const instance = new ec2.Instance(scope, 'Instance', {
    ...describeMachine(scope, parts),
    vpc,
    vpcSubnets: { subnets: [...subnets] },
    httpTokens: ec2.HttpTokens.REQUIRED,
    instanceInitiatedShutdownBehavior: ec2.InstanceInitiatedShutdownBehavior.STOP,
    userDataCausesReplacement: true,
    propagateTagsToVolumeOnCreation: true,
  });
  acknowledge(instance, 'Instance');
  if (isPublic(parts.network)) acknowledge(instance, 'PublicInstance');
  return instance;
}
