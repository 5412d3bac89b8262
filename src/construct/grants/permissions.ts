import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EXID_TAG } from '../../descriptor';
import type { TunnelGrantOptions } from '../tunnel-grant-options';
import { anyInstance, clusterArn, databaseUserArn, diskKeyArn, keyArn, parameterArn, secretArn } from './arns';
import type { ConnectSubject } from './connect-subject';

interface Permission {
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions?: Record<string, Record<string, string>>;
}

type Permissions = Record<string, Permission | undefined>;

/** AWS wants it in every statement that allows StartSession; without it, a session that names no document is a shell. */
const ONLY_NAMED_DOCUMENTS = { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } };

const OWN_SESSION_ACTIONS = ['ssm:ResumeSession', 'ssm:TerminateSession'];

/** The tag with which Session Manager says whose a session is. */
const SESSION_OWNER = 'ssm:resourceTag/aws:ssmmessages:session-id';

/**
 * What `connect` calls, and no more, a statement for each purpose.
 * @param home the stack that the policy is in; without one, that of the target
 */
export function connectStatements(subject: ConnectSubject, options: TunnelGrantOptions, home: Stack = subject.place): iam.PolicyStatement[] {
  return toStatements({ ...connectPermissions(subject), ...bastionPermissions(subject, home), ...optionalPermissions(subject, options) });
}

/** What listing the targets under a prefix takes. */
export function listStatements(prefix: string, place: Stack): iam.PolicyStatement[] {
  return toStatements({
    ListDescriptors: { actions: ['ssm:GetParametersByPath'], resources: [parameterArn(prefix, place)] },
  });
}

function connectPermissions({ bastion, documentArns, parameterName, place }: ConnectSubject): Permissions {
  const sessions = (id: string) => place.formatArn({ service: 'ssm', resource: 'session', resourceName: id });
  return {
    ReadDescriptor: {
      actions: ['ssm:GetParameter'],
      resources: [parameterArn(parameterName, place)],
    },
    StartSessionOnBastion: {
      actions: ['ssm:StartSession'],
      resources: [anyInstance(place)],
      conditions: { ...ONLY_NAMED_DOCUMENTS, StringEquals: { [`ssm:resourceTag/${EXID_TAG}`]: bastion.exid } },
    },
    StartSessionWithDocument: { actions: ['ssm:StartSession'], resources: [...documentArns], conditions: ONLY_NAMED_DOCUMENTS },
    // A data channel opens with the token of its session, which only the starter or resumer has. Its id does not always begin with the user's.
    OpenDataChannel: { actions: ['ssmmessages:OpenDataChannel'], resources: [sessions('*')] },
    // The name is in the session's id for IAM users, the tag is there for assumed roles and Identity Center.
    OwnSessionsByName: {
      actions: OWN_SESSION_ACTIONS,
      resources: [sessions('${aws:username}-*')],
      // The session of "alice-b" has an id that begins like one of "alice": where there is a tag, it counts.
      conditions: { StringEqualsIfExists: { [SESSION_OWNER]: '${aws:userid}' } },
    },
    OwnSessionsByTag: { actions: OWN_SESSION_ACTIONS, resources: [sessions('*')], conditions: { StringLike: { [SESSION_OWNER]: '${aws:userid}' } } },
    FindBastion: { actions: ['ec2:DescribeInstances'], resources: ['*'] },
  };
}

/** A group is always on: there is nothing to start. */
function bastionPermissions({ bastion, place }: ConnectSubject, home: Stack): Permissions {
  if (bastion.highAvailability) return {};
  return {
    StartBastion: {
      actions: ['ec2:StartInstances'],
      resources: [anyInstance(place)],
      conditions: { StringEquals: { [`aws:ResourceTag/${EXID_TAG}`]: bastion.exid } },
    },
    // Without it an instance whose disk has a customer key falls back to stopped, and nobody is told why.
    UseDiskKey: bastion.diskEncryptionKey && {
      actions: ['kms:CreateGrant'],
      resources: [diskKeyArn(bastion.diskEncryptionKey, bastion, place, home)],
      conditions: {
        StringEquals: { 'kms:ViaService': `ec2.${place.region}.amazonaws.com` },
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
      },
    },
  };
}

function optionalPermissions(subject: ConnectSubject, { databaseUser, readSecret, describeCluster }: TunnelGrantOptions): Permissions {
  const { place, secret } = subject;
  return {
    LogIn: databaseUser === undefined ? undefined : { actions: ['rds-db:connect'], resources: [databaseUserArn(subject, databaseUser)] },
    ReadSecret: readSecret ? { actions: ['secretsmanager:GetSecretValue'], resources: [secretArn(subject)] } : undefined,
    DecryptSecret: readSecret && secret?.encryptionKey ? {
      actions: ['kms:Decrypt'],
      resources: [keyArn(secret.encryptionKey, place)],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${place.region}.amazonaws.com` } },
    } : undefined,
    DescribeCluster: describeCluster ? { actions: ['rds:DescribeDBClusters'], resources: [clusterArn(subject)] } : undefined,
  };
}

function toStatements(permissions: Permissions): iam.PolicyStatement[] {
  return Object.entries(permissions).flatMap(([sid, permission]) => (permission ? [new iam.PolicyStatement({ sid, ...permission })] : []));
}
