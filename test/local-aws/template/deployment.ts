import type { SessionDocument } from '../state/session-document';
import type { State } from '../state/state';
import { putGroup } from './groups';
import { checkNames } from './histories';
import { putInstance } from './instances';
import { attachSecret, putSecret } from './secrets';
import type { Stack } from './stack';

/** Makes one kind of resource exist, or cease to. Both may be called again. */
interface Deployer {
  put(stack: Stack, logicalId: string, state: State, isUpdate: boolean): void;
  remove(stack: Stack, logicalId: string, state: State): void;
}

const DEPLOYERS: Readonly<Record<string, Deployer>> = {
  'AWS::AutoScaling::AutoScalingGroup': {
    put: putGroup,
    remove: (stack, id, state) => state.groups.delete(stack.physicalId(id), stack.settings.place),
  },
  'AWS::EC2::Instance': {
    put: putInstance,
    remove: (stack, id, state) => state.instances.find(stack.settings.place, stack.physicalId(id))?.terminate(),
  },
  'AWS::RDS::DBCluster': {
    put: putCluster,
    remove: (stack, id, state) => state.clusters.delete(stack.physicalId(id), stack.settings.place),
  },
  'AWS::SecretsManager::Secret': {
    put: putSecret,
    remove: (stack, id, state) => state.storedSecrets.delete(stack.physicalId(id)),
  },
  'AWS::SecretsManager::SecretTargetAttachment': {
    put: attachSecret,
    remove: () => undefined,
  },
  'AWS::SSM::Document': {
    put: (stack, id, state) => state.documents.put(stack.physicalId(id), documentContent(stack, id), stack.settings.place),
    remove: (stack, id, state) => state.documents.delete(stack.physicalId(id), stack.settings.place),
  },
  'AWS::SSM::Parameter': {
    put: putParameter,
    remove: (stack, id, state) => state.parameters.delete(stack.physicalId(id), stack.settings.place),
  },
};

/** Makes the state what a stack says: new resources come before the ones they replace go, as in CloudFormation. */
export function deploy(stack: Stack, before: Stack | undefined, state: State): void {
  if (before !== undefined) checkNames(before, stack);
  for (const [logicalId, deployer] of deployable(stack)) deployer.put(stack, logicalId, state, before !== undefined);
  if (before === undefined) return;
  for (const [logicalId, deployer] of deployable(before)) {
    const stays = stack.logicalIds().includes(logicalId) && stack.physicalId(logicalId) === before.physicalId(logicalId);
    if (!stays) deployer.remove(before, logicalId, state);
  }
}

function deployable(stack: Stack): [string, Deployer][] {
  return stack.logicalIds().flatMap((logicalId): [string, Deployer][] => {
    const deployer = DEPLOYERS[stack.typeNameOf(logicalId)];
    return deployer === undefined ? [] : [[logicalId, deployer]];
  });
}

function putCluster(stack: Stack, logicalId: string, state: State): void {
  const identifier = stack.physicalId(logicalId);
  if (state.clusters.in(stack.settings.place).some((cluster) => cluster.identifier === identifier)) return;
  const members = stack.logicalIds('AWS::RDS::DBInstance').filter((id) => stack.property(id, 'DBClusterIdentifier') === identifier);
  const property = (name: string): string | undefined => stack.property(logicalId, name) as string | undefined;
  state.clusters.put({
    ...stack.settings.place,
    identifier,
    arn: stack.attribute(logicalId, 'DBClusterArn'),
    resourceId: stack.attribute(logicalId, 'DBClusterResourceId'),
    engine: String(property('Engine')),
    engineVersion: property('EngineVersion') ?? '',
    endpoint: stack.attribute(logicalId, 'Endpoint.Address'),
    readerEndpoint: stack.attribute(logicalId, 'ReadEndpoint.Address'),
    port: Number(stack.attribute(logicalId, 'Endpoint.Port')),
    databaseName: property('DatabaseName'),
    isIamAuthenticationEnabled: Boolean(stack.property(logicalId, 'EnableIAMDatabaseAuthentication')),
    members: members.map((id, index) => ({ identifier: stack.physicalId(id), isWriter: index === 0 })),
    createdAt: new Date(),
    status: 'available',
  });
}

function putParameter(stack: Stack, logicalId: string, state: State): void {
  const [name, value, { place }] = [stack.physicalId(logicalId), stack.attribute(logicalId, 'Value'), stack.settings];
  if (state.parameters.find(place, name)?.value === value) return;
  state.parameters.put(name, value, { type: stack.attribute(logicalId, 'Type'), place });
}

function documentContent(stack: Stack, logicalId: string): SessionDocument {
  const content = stack.property(logicalId, 'Content');
  return (typeof content === 'string' ? JSON.parse(content) : content) as SessionDocument;
}
