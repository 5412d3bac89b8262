import { Annotations, Duration } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledgements';
import { letGroupUse } from './disk-key';
import { describeMachine, type MachineParts } from './machine';
import { hasOneZone } from './network';

/** A group of one instance, which makes another when the instance or its zone fails. */
export function createGroup(scope: Construct, parts: MachineParts): autoscaling.AutoScalingGroup {
  const { options: { diskEncryptionKey }, network } = parts;
  const group = new autoscaling.AutoScalingGroup(scope, 'Group', {
    vpc: network.vpc,
    vpcSubnets: { subnets: [...network.subnets] },
    launchTemplate: new ec2.LaunchTemplate(scope, 'LaunchTemplate', {
      ...describeMachine(scope, parts),
      httpTokens: ec2.LaunchTemplateHttpTokens.REQUIRED,
    }),
    minCapacity: 1,
    // The second is there only during an update, or while zones are balanced: the new instance comes before the old one goes.
    maxCapacity: 2,
    healthChecks: autoscaling.HealthChecks.ec2({ gracePeriod: Duration.minutes(2) }),
    updatePolicy: autoscaling.UpdatePolicy.rollingUpdate({
      maxBatchSize: 1,
      minInstancesInService: 1,
      // For the agent of the new one to register. It cannot signal that it has: that would take a way to CloudFormation.
      pauseTime: Duration.minutes(3),
    }),
  });
  acknowledge(group, 'Group');
  if (diskEncryptionKey) letGroupUse(diskEncryptionKey, group);
  if (hasOneZone(network) && !network.isPendingLookup) warnOfOneZone(group);
  return group;
}

function warnOfOneZone(group: Construct): void {
  Annotations.of(group).addWarningV2('tunnelable-rds-cluster:oneZone',
    'highAvailability has one zone only, and ends with it; pass vpcSubnets of several zones');
}
