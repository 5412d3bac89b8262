import { Annotations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** How the roles begin that Identity Center makes in the accounts of people. */
const IDENTITY_CENTER = 'AWSReservedSSO_';

/** What a policy is to say. */
export interface AttachablePolicyProps {
  readonly description: string;
  readonly statements: iam.PolicyStatement[];
}

/** A managed policy that is attached to whom something is granted, from its own side. */
export class AttachablePolicy {
  /** What has been granted, whoever it is attached to. */
  readonly grant: iam.Grant;
  readonly policy: WatchedPolicy;

  constructor(scope: Construct, id: string, { description, statements }: AttachablePolicyProps) {
    this.policy = new WatchedPolicy(scope, id, { description });
    this.grant = statements.map((statement) => addStatement(this.policy, statement)).reduce((all, one) => all.combine(one));
  }

  /** @throws Error when the grantee is no role, user or group, or one that only Identity Center may change. */
  attachTo(grantee: iam.IGrantable): void {
    const principal = grantee.grantPrincipal;
    if (iam.Role.isRole(principal)) return this.policy.attachToRole(principal);
    // An imported role attaches the policy from its side too, unless it must not be changed.
    if (hasName(principal, 'roleName')) return this.attachToImported(principal as iam.IRole);
    if (hasName(principal, 'userName')) return this.policy.attachToUser(principal as iam.IUser);
    if (hasName(principal, 'groupName')) return this.policy.attachToGroup(principal as iam.IGroup);
    throw new Error(`cannot grant to ${principal}: a policy can be attached only to a role, a user or a group; pass one of these `
      + '(iam.Role.fromRoleArn for one that exists), or use connectPolicyDocument()');
  }

  private attachToImported(role: iam.IRole): void {
    if (role.roleName.startsWith(IDENTITY_CENTER)) {
      throw new Error(`cannot grant to the role "${role.roleName}": IAM Identity Center made it, and nobody else may change it; `
        + 'put connectPolicyDocument() into its permission set');
    }
    role.addManagedPolicy(this.policy);
    if (this.policy.attached.has(role)) return;
    Annotations.of(this.policy).addWarningV2('tunnelable-rds-cluster:granteeMustNotBeChanged',
      `the role "${role.node.path}" gets nothing: it was imported as one that must not be changed, or is of another account; `
      + 'attach the policy from where the role is made, or grant to a role that this app may change');
  }
}

/** It knows whom it was attached to: a role that must not be changed says nothing when it is not. */
class WatchedPolicy extends iam.ManagedPolicy {
  readonly attached = new Set<iam.IRole>();

  public attachToRole(role: iam.IRole): void {
    this.attached.add(role);
    super.attachToRole(role);
  }
}

function addStatement(policy: iam.ManagedPolicy, statement: iam.PolicyStatement): iam.Grant {
  const grant = iam.Grant.addToPrincipal({
    grantee: policy, actions: statement.actions, resourceArns: statement.resources, conditions: statement.conditions,
  });
  for (const added of grant.principalStatements) added.sid = statement.sid;
  return grant;
}

function hasName(principal: iam.IPrincipal, key: 'roleName' | 'userName' | 'groupName'): boolean {
  return key in principal;
}
