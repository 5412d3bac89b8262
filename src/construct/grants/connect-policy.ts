import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { AWS_OWNED_DOCUMENT, EXID_TAG } from '../../descriptor';

/** Whom and what a connect policy is about. */
export interface ConnectPolicyProps {
  readonly targetName: string;
  readonly exid: string;
  readonly parameterName: string;
  /** The stack of the target: its account and region are meant, wherever the policy is. */
  readonly place: Stack;
}

interface Permission {
  readonly actions: string[];
  readonly resourceArns: string[];
  readonly conditions?: Record<string, Record<string, string>>;
}

/** AWS wants it in every statement that allows StartSession; without it, a session that names no document is a shell. */
const ONLY_NAMED_DOCUMENTS = { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } };

const OWN_SESSION_ACTIONS = ['ssm:ResumeSession', 'ssm:TerminateSession'];

/** What `connect` calls, and no more. The keys are the statements' ids. */
function permissions({ exid, parameterName, place: stack }: ConnectPolicyProps): Record<string, Permission> {
  const instances = stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' });
  const document = stack.formatArn({ service: 'ssm', account: '', resource: 'document', resourceName: AWS_OWNED_DOCUMENT });
  const sessions = (id: string) => stack.formatArn({ service: 'ssm', resource: 'session', resourceName: id });
  return {
    ReadDescriptor: {
      actions: ['ssm:GetParameter'],
      resourceArns: [stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: parameterName.slice(1) })],
    },
    StartSessionOnBastion: {
      actions: ['ssm:StartSession'],
      resourceArns: [instances],
      conditions: { ...ONLY_NAMED_DOCUMENTS, StringEquals: { [`ssm:resourceTag/${EXID_TAG}`]: exid } },
    },
    StartSessionWithDocument: { actions: ['ssm:StartSession'], resourceArns: [document], conditions: ONLY_NAMED_DOCUMENTS },
    // A data channel opens with the token of its session, which only the starter or resumer has. Its id does not always begin with the user's.
    OpenDataChannel: { actions: ['ssmmessages:OpenDataChannel'], resourceArns: [sessions('*')] },
    // The name is in the session's id for IAM users, the tag is there for assumed roles and Identity Center.
    OwnSessionsByName: { actions: OWN_SESSION_ACTIONS, resourceArns: [sessions('${aws:username}-*')] },
    OwnSessionsByTag: {
      actions: OWN_SESSION_ACTIONS,
      resourceArns: [sessions('*')],
      conditions: { StringLike: { 'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}' } },
    },
    FindBastion: { actions: ['ec2:DescribeInstances'], resourceArns: ['*'] },
    StartBastion: {
      actions: ['ec2:StartInstances'],
      resourceArns: [instances],
      conditions: { StringEquals: { [`aws:ResourceTag/${EXID_TAG}`]: exid } },
    },
  };
}

/** A managed policy with all that `connect` needs for one target. */
export class ConnectPolicy {
  /** What has been granted, whoever it is attached to. */
  readonly grant: iam.Grant;
  private readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, props: ConnectPolicyProps) {
    this.policy = new iam.ManagedPolicy(scope, 'ConnectPolicy', { description: `Connect to ${props.targetName} by npx connect` });
    this.grant = Object.entries(permissions(props))
      .map(([sid, permission]) => addStatement(this.policy, sid, permission))
      .reduce((all, one) => all.combine(one));
  }

  /**
   * Attaches the policy from its own side.
   * @throws Error when the grantee is no role, user or group.
   */
  attachTo(grantee: iam.IGrantable): void {
    const principal = grantee.grantPrincipal;
    if (iam.Role.isRole(principal)) return this.policy.attachToRole(principal);
    // An imported role attaches the policy from its side too, unless it must not be changed.
    if (hasName(principal, 'roleName')) return (principal as iam.IRole).addManagedPolicy(this.policy);
    if (hasName(principal, 'userName')) return this.policy.attachToUser(principal as iam.IUser);
    if (hasName(principal, 'groupName')) return this.policy.attachToGroup(principal as iam.IGroup);
    throw new Error(`cannot grant connect to ${principal}: a policy can be attached only to a role, a user or a group; pass one of these`);
  }
}

function addStatement(policy: iam.ManagedPolicy, sid: string, permission: Permission): iam.Grant {
  const grant = iam.Grant.addToPrincipal({ grantee: policy, ...permission });
  for (const statement of grant.principalStatements) statement.sid = sid;
  return grant;
}

function hasName(principal: iam.IPrincipal, key: 'roleName' | 'userName' | 'groupName'): boolean {
  return key in principal;
}
