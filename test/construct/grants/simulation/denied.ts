import type { Stack } from '../../../local-aws/template/stack';
import { BASTION_TAG, type Change, DOCUMENT_CHECK, documentOf, OWNER_TAG, type Request } from './requests';

type Denied = Change | ((allowed: Request, stack: Stack) => Change);

const renamed = (pattern: RegExp, name: string) => ({ resource }: Request): Change => ({ resource: { name: resource!.name.replace(pattern, name) } });

/** What is denied: by the request that is allowed, the one thing that is changed in it, and how. */
export const DENIED: Readonly<Record<string, Readonly<Record<string, Denied>>>> = {
  'read the descriptor': {
    'another target\'s descriptor': { resource: { name: 'parameter/tunnelable-rds/orders' } },
    'a descriptor in another folder': { resource: { name: 'parameter/elsewhere/ahbodedb' } },
    'a parameter below the descriptor': { resource: { name: 'parameter/tunnelable-rds/ahbodedb/password' } },
    'a name that begins like the descriptor\'s': { resource: { name: 'parameter/tunnelable-rds/ahbodedb2' } },
    'all descriptors of the folder': { action: 'ssm:GetParametersByPath' },
    'former descriptors': { action: 'ssm:GetParameterHistory' },
    'write it': { action: 'ssm:PutParameter' },
    'delete it': { action: 'ssm:DeleteParameter' },
    'by the grant of another target': { person: 'a neighbour, with a target behind a group' },
  },
  'list the targets': {
    'another folder': { resource: { name: 'parameter/elsewhere' } },
    'a folder whose name begins like it': { resource: { name: 'parameter/tunnelable-rds-2' } },
    'a folder within': { resource: { name: 'parameter/tunnelable-rds/team' } },
    'read a parameter instead': { action: 'ssm:GetParameter' },
    'without grantList': { person: 'a role\'s session' },
  },
  'start a session on the bastion': {
    'no document named: a shell': { context: { [DOCUMENT_CHECK]: 'false' } },
    'another bastion': { resource: { tags: { [BASTION_TAG]: 'group' } } },
    'a bastion whose exid differs in case': { resource: { tags: { [BASTION_TAG]: 'VPC-main-bastion' } } },
    'a bastion whose exid begins like ours': { resource: { tags: { [BASTION_TAG]: 'vpc-main-bastion-2' } } },
    'an instance without the tag': { resource: { tags: { [BASTION_TAG]: undefined } } },
    'run a command on it': { action: 'ssm:SendCommand' },
    'by the grant of another bastion': { person: 'a neighbour, with a target behind a group' },
  },
  'start a session on the bastion, its document checked': {
    'no document named: a shell': { context: { [DOCUMENT_CHECK]: 'false' } },
  },
  'start a session with the document of the writer': {
    'the shell': { resource: { name: 'document/SSM-SessionManagerRunShell' } },
    'SSH': { resource: { name: 'document/AWS-StartSSHSession' } },
    'any port of the bastion': { resource: { name: 'document/AWS-StartPortForwardingSession' } },
    'any host and port': { resource: { name: 'document/AWS-StartPortForwardingSessionToRemoteHost' } },
    'any command': { resource: { name: 'document/AWS-StartInteractiveCommand' } },
    'another target\'s document': (_, stack) => ({ resource: { name: documentOf(stack, 'OrdersWriter') } }),
    'a document whose name begins like it': renamed(/$/, '-2'),
    'by the grant of another target': { person: 'a neighbour, with a target behind a group' },
    'no document checked': { context: { [DOCUMENT_CHECK]: 'false' } },
    'run it as a command': { action: 'ssm:SendCommand' },
    'change where it leads': { action: 'ssm:UpdateDocument' },
    'lead it back to where it led': { action: 'ssm:UpdateDocumentDefaultVersion' },
    'delete it': { action: 'ssm:DeleteDocument' },
    'share it': { action: 'ssm:ModifyDocumentPermission' },
  },
  'start a session with the document of the reader': {
    'the shell': { resource: { name: 'document/SSM-SessionManagerRunShell' } },
    'no document checked': { context: { [DOCUMENT_CHECK]: 'false' } },
  },
  'start a session with the document of AWS': {
    'the shell': { resource: { name: 'document/SSM-SessionManagerRunShell' } },
    'SSH': { resource: { name: 'document/AWS-StartSSHSession' } },
    'one of the account by the same name': (_, stack) => ({ resource: { account: stack.settings.place.account } }),
    'no document checked': { context: { [DOCUMENT_CHECK]: 'false' } },
    'by the grant of a target with documents of its own': { person: 'a role\'s session' },
  },
  'open a data channel': {
    'make one instead': { action: 'ssmmessages:CreateDataChannel' },
    'open the channel that commands an instance': { action: 'ssmmessages:OpenControlChannel' },
  },
  'resume one\'s session, as an IAM user': {
    'another\'s session, which has an id that begins like one\'s own': { resource: { tags: { [OWNER_TAG]: 'AIDAALICE-B' } } },
    'a role\'s session of the same name': { resource: { tags: { [OWNER_TAG]: 'AROADEVELOPERS:alice' } } },
  },
  'end one\'s session, as an IAM user': {
    'another\'s session, which has an id that begins like one\'s own': { resource: { tags: { [OWNER_TAG]: 'AIDAALICE-B' } } },
  },
  'resume one\'s session, as an IAM user, by its name alone': {
    'another\'s session': { resource: { name: 'session/bob-0123456789abcdef0' } },
    'by another': { person: 'an IAM user whose name begins like that of another' },
    'by a role\'s session of the same name': { person: 'a role\'s session' },
  },
  'end one\'s session, as an IAM user, by its name alone': {
    'another\'s session': { resource: { name: 'session/bob-0123456789abcdef0' } },
  },
  'resume one\'s session, as a role': {
    'another\'s session': { resource: { tags: { [OWNER_TAG]: 'AROADEVELOPERS:bob' } } },
    'a session of another role, by the same name': { resource: { tags: { [OWNER_TAG]: 'AROAADMINISTRATORS:alice' } } },
    'a session that says nobody\'s': { resource: { tags: { [OWNER_TAG]: undefined } } },
    'by a colleague': { person: 'another session of the role' },
  },
  'end one\'s session, as a role': {
    'another\'s session': { resource: { tags: { [OWNER_TAG]: 'AROADEVELOPERS:bob' } } },
    'by a colleague': { person: 'another session of the role' },
  },
  'resume one\'s session, as someone of an Identity Center': {
    'another\'s session': { resource: { tags: { [OWNER_TAG]: 'AROAPERMISSIONSET:bob@example.com' } } },
    'by a colleague': { person: 'someone else of the Identity Center' },
  },
  'end one\'s session, as someone of an Identity Center': {
    'another\'s session': { resource: { tags: { [OWNER_TAG]: 'AROAPERMISSIONSET:bob@example.com' } } },
    'by a colleague': { person: 'someone else of the Identity Center' },
  },
  'look for the bastion': {
    'look at disks': { action: 'ec2:DescribeVolumes' },
    'look at the network': { action: 'ec2:DescribeNetworkInterfaces' },
  },
  'start the bastion': {
    'another bastion': { resource: { tags: { [BASTION_TAG]: 'group' } } },
    'an instance without the tag': { resource: { tags: { [BASTION_TAG]: undefined } } },
    'stop it': { action: 'ec2:StopInstances' },
    'end it': { action: 'ec2:TerminateInstances' },
    'restart it': { action: 'ec2:RebootInstances' },
    'change it': { action: 'ec2:ModifyInstanceAttribute' },
    'by the grant of another bastion': { person: 'a neighbour, with a target behind a group' },
  },
  'start a session on a group': {
    'start an instance of it': { action: 'ec2:StartInstances' },
  },
  'have its disk decrypted': {
    'not through a service': { context: { 'kms:ViaService': undefined } },
    'through another service': { context: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
    'through the service in another region': { context: { 'kms:ViaService': 'ec2.us-east-1.amazonaws.com' } },
    'for oneself': { context: { 'kms:GrantIsForAWSResource': 'false' } },
    'without a word for whom': { context: { 'kms:GrantIsForAWSResource': undefined } },
    'another key': { resource: { name: 'key/01234567-89ab-cdef-0123-456789abcdef' } },
    'decrypt with it': { action: 'kms:Decrypt' },
    'take such a grant from another': { action: 'kms:RevokeGrant' },
    'destroy it': { action: 'kms:ScheduleKeyDeletion' },
    'by the grant of another bastion': { person: 'a neighbour, with a target behind a group' },
  },
  'log in by IAM': {
    'as another user': renamed(/app$/, 'postgres'),
    'as a user whose name begins like it': renamed(/app$/, 'app_owner'),
    'into another cluster': renamed(/cluster-\w+/, 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
    'by a grant without a user': { person: 'a guest, without options and with the list' },
  },
  'read the secret': {
    'another secret': { resource: { name: 'secret:Orders-AbCdEf' } },
    'write it': { action: 'secretsmanager:PutSecretValue' },
    'by a grant without the secret': { person: 'a guest, without options and with the list' },
  },
  'have the secret decrypted': {
    'not through a service': { context: { 'kms:ViaService': undefined } },
    'through another service': { context: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
    'another key': { resource: { name: 'key/01234567-89ab-cdef-0123-456789abcdef' } },
    'encrypt another one': { action: 'kms:Encrypt' },
  },
  'look for the cluster': {
    'another cluster': { resource: { name: 'cluster:orders' } },
    'delete it': { action: 'rds:DeleteDBCluster' },
    'by a grant without the cluster': { person: 'a guest, without options and with the list' },
  },
};
