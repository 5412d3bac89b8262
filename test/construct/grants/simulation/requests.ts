import { AWS_OWNED_DOCUMENT } from '../../../../src/descriptor';
import { partitionOf } from '../../../local-aws/place';
import type { Stack } from '../../../local-aws/template/stack';
import { EXID } from '../support';
import { PEOPLE, type PersonName } from './people';
import { logicalIdOf } from './policies';

/** What a request is about. */
export interface Resource {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string | undefined>>;
}

/** What AWS asks IAM. Starting a session is two of these: about the instance, and about the document. */
export interface Request {
  readonly person: PersonName;
  readonly action: string;
  /** @default - the action is about no resource */
  readonly resource?: Resource;
  readonly context: Readonly<Record<string, string | undefined>>;
}

export const BASTION_TAG = 'exid';
export const OWNER_TAG = 'aws:ssmmessages:session-id';
export const DOCUMENT_CHECK = 'ssm:SessionDocumentAccessCheck';

/** Everything that `connect` asks for, and what the options add. */
export function allowedRequests(stack: Stack): Record<string, Request> {
  const { account, region } = stack.settings.place;
  const resource = (service: string, name: string, tags: Resource['tags'] = {}): Resource =>
    ({ partition: partitionOf(region), service, region, account, name, tags });
  const arn = (text: unknown): Resource => resource(String(text).split(':')[2]!, String(text).split(':').slice(5).join(':'));
  const request = (action: string, about?: Resource, context: Request['context'] = {}, person: PersonName = 'a role\'s session'): Request =>
    ({ person, action, resource: about, context });
  const attribute = (type: string, construct: string, name: string) => stack.attribute(logicalIdOf(stack, type, construct), name);

  const instance = resource('ec2', 'instance/i-0123456789abcdef0', { [BASTION_TAG]: EXID });
  const session = (person: PersonName, isTagged = true) => {
    const name = PEOPLE[person].principal[1].split('/').at(-1);
    return resource('ssm', `session/${name}-0123456789abcdef0`, isTagged ? { [OWNER_TAG]: PEOPLE[person].context['aws:userid'] } : {});
  };
  const own = (action: string, person: PersonName, isTagged?: boolean) => request(action, session(person, isTagged), {}, person);
  const via = (service: string) => ({ 'kms:ViaService': `${service}.${region}.amazonaws.com` });

  return {
    'read the descriptor': request('ssm:GetParameter', resource('ssm', 'parameter/tunnelable-rds/ahbodedb')),
    'start a session on the bastion': request('ssm:StartSession', instance),
    'start a session on the bastion, its document checked': request('ssm:StartSession', instance, { [DOCUMENT_CHECK]: 'true' }),
    'start a session with the document of the writer': request('ssm:StartSession', resource('ssm', documentOf(stack, 'AhbodedbWriter'))),
    'start a session with the document of the reader': request('ssm:StartSession', resource('ssm', documentOf(stack, 'AhbodedbReader')), { [DOCUMENT_CHECK]: 'true' }),
    'start a session with the document of AWS': request('ssm:StartSession',
      { ...resource('ssm', `document/${AWS_OWNED_DOCUMENT}`), account: '' }, {}, 'a neighbour, with a target behind a group'),
    'open a data channel': request('ssmmessages:OpenDataChannel', session('a role\'s session')),
    'resume one\'s session, as an IAM user': own('ssm:ResumeSession', 'an IAM user'),
    'end one\'s session, as an IAM user': own('ssm:TerminateSession', 'an IAM user'),
    'resume one\'s session, as an IAM user, by its name alone': own('ssm:ResumeSession', 'an IAM user', false),
    'end one\'s session, as an IAM user, by its name alone': own('ssm:TerminateSession', 'an IAM user', false),
    'resume one\'s session, as a role': own('ssm:ResumeSession', 'a role\'s session'),
    'end one\'s session, as a role': own('ssm:TerminateSession', 'a role\'s session'),
    'resume one\'s session, as someone of an Identity Center': own('ssm:ResumeSession', 'someone of an Identity Center'),
    'end one\'s session, as someone of an Identity Center': own('ssm:TerminateSession', 'someone of an Identity Center'),
    'look for the bastion': request('ec2:DescribeInstances'),
    'start the bastion': request('ec2:StartInstances', instance),
    'have its disk decrypted': request('kms:CreateGrant', arn(attribute('AWS::KMS::Key', 'DiskKey', 'Arn')), { ...via('ec2'), 'kms:GrantIsForAWSResource': 'true' }),
    'log in by IAM': request('rds-db:connect', resource('rds-db', `dbuser:${attribute('AWS::RDS::DBCluster', 'Cluster', 'DBClusterResourceId')}/app`)),
    'read the secret': request('secretsmanager:GetSecretValue', arn(stack.physicalId(logicalIdOf(stack, 'AWS::SecretsManager::Secret', 'Login')))),
    'have the secret decrypted': request('kms:Decrypt', arn(attribute('AWS::KMS::Key', 'SecretKey', 'Arn')), via('secretsmanager')),
    'look for the cluster': request('rds:DescribeDBClusters', resource('rds', 'cluster:ahbodedb')),
    'list the targets': request('ssm:GetParametersByPath', resource('ssm', 'parameter/tunnelable-rds'), {}, 'a guest, without options and with the list'),
    'start a session on a group': request('ssm:StartSession', { ...instance, tags: { [BASTION_TAG]: 'group' } }, {}, 'a neighbour, with a target behind a group'),
  };
}

export function documentOf(stack: Stack, construct: string): string {
  return `document/${String(stack.property(logicalIdOf(stack, 'AWS::SSM::Document', construct), 'Name'))}`;
}

/** A request with something changed. */
export type Change = Partial<Omit<Request, 'resource'>> & { readonly resource?: Partial<Resource> };

export function changed(request: Request, { resource, context, ...rest }: Change): Request {
  return {
    ...request,
    ...rest,
    context: { ...request.context, ...context },
    resource: request.resource && { ...request.resource, ...resource, tags: { ...request.resource.tags, ...resource?.tags } },
  };
}

/** Where two requests differ, each place by its name. */
export function differences(one: Request, other: Request): string[] {
  const [before, after] = [flat(one), flat(other)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => before[key] !== after[key]);
}

function flat({ resource: { tags, ...resource } = {} as Resource, context, ...rest }: Request): Record<string, unknown> {
  const within = (name: string, values: object = {}) => Object.entries(values).map(([key, value]) => [`${name}.${key}`, value]);
  return { ...rest, ...Object.fromEntries([...within('resource', resource), ...within('tag', tags), ...within('context', context)]) };
}
