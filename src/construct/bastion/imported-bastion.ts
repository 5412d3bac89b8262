import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { checkExid } from '../names';
import type { ITunnelBastion, TunnelBastionAttributes } from '../tunnel-bastion';

/** A bastion that is made elsewhere. */
export class ImportedBastion extends Construct implements ITunnelBastion {
  public readonly exid: string;
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly connections: ec2.Connections;
  public readonly instanceId?: string;
  public readonly highAvailability: boolean;
  public readonly diskEncryptionKey?: kms.IKey;

  constructor(scope: Construct, id: string, attrs: TunnelBastionAttributes) {
    super(scope, id);
    checkExid(attrs.exid);
    if (attrs.instanceId && attrs.highAvailability) {
      throw new Error('instanceId and highAvailability cannot be used together: got both, and a group replaces its instance when it has to; leave instanceId out');
    }
    this.exid = attrs.exid;
    this.securityGroup = attrs.securityGroup;
    this.connections = new ec2.Connections({ securityGroups: [attrs.securityGroup] });
    this.instanceId = attrs.instanceId;
    this.highAvailability = attrs.highAvailability ?? false;
    this.diskEncryptionKey = attrs.diskEncryptionKey;
  }
}
