import { GetParameterCommand, GetParametersByPathCommand, type Parameter, SSMClient } from '@aws-sdk/client-ssm';
import { DEFAULT_PREFIX, type Descriptor, DESCRIPTOR_VERSION, DescriptorError, descriptorParameterName, parseDescriptor } from '../../descriptor';
import { Problem } from '../../problem';
import { callAws } from '../call';
import { clientOf } from '../clients';
import type { AwsContext } from '../context';
import { profileName } from '../region';
import { DEPLOY_AGAIN } from './deploy-again';
import { resolveRegion } from './resolve-region';

/**
 * Reads the descriptor of a target.
 * @throws Problem NOT_FOUND when there is none, or none that this release understands
 */
export async function getDescriptor({ name, prefix }: { name: string; prefix: string }, context: AwsContext): Promise<Descriptor> {
  const client = await clientOf(SSMClient, context);
  const [region, { profile }] = [await resolveRegion(context), context.aws];
  const place: Place = { name, prefix, parameterName: descriptorParameterName(name, prefix), region, profile };
  const parameter = await callAws<Parameter | undefined>({
    call: 'ssm:GetParameter',
    answers: { ParameterNotFound: undefined },
  }, context, async (options) => (await client.send(new GetParameterCommand({ Name: place.parameterName }), options)).Parameter);
  if (parameter?.Value === undefined) throw explainNoDescriptor(place);
  const descriptor = readDescriptor(parameter.Value, place);
  refuseAnother(descriptor, place);
  return descriptor;
}

function readDescriptor(text: string, place: Place): Descriptor {
  try {
    return parseDescriptor(text);
  } catch (error) {
    throw explainBadDescriptor(place, error as DescriptorError);
  }
}

/** A descriptor that was copied from elsewhere would lead to a database that nobody asked for. */
function refuseAnother(descriptor: Descriptor, { name, parameterName, region }: Place): void {
  if (descriptor.name === name && descriptor.region === region) return;
  const found = `it describes ${JSON.stringify(descriptor.name)} in ${JSON.stringify(descriptor.region)}`;
  throw new Problem('NOT_FOUND', `the descriptor ${parameterName} in ${region} is not the one of ${name} in ${region}: ${found}`, {
    next: DEPLOY_AGAIN,
  });
}

/** Where a descriptor was looked for. */
interface Place {
  readonly name: string;
  readonly prefix: string;
  readonly parameterName: string;
  readonly region: string;
  readonly profile?: string;
}

/** A name that has no descriptor: perhaps another was meant. */
class NoSuchTarget extends Problem {
  readonly name = 'NoSuchTarget';
}

function explainNoDescriptor({ name, prefix, parameterName, region, profile }: Place): Problem {
  const flags = [`--region ${region}`, profile && `--profile ${profile}`, prefix !== DEFAULT_PREFIX && `--prefix ${prefix}`];
  return new NoSuchTarget('NOT_FOUND', `there is no target ${name}: no parameter ${parameterName} in ${region} (profile "${profileName(profile)}")`, {
    next: `see which there are: ${['connect targets', ...flags].filter(Boolean).join(' ')}`,
  });
}

function explainBadDescriptor({ name, parameterName, region }: Place, error: DescriptorError): Problem {
  const isNewer = error.foundVersion !== undefined && error.foundVersion > DESCRIPTOR_VERSION;
  return new Problem('NOT_FOUND', `the descriptor of ${name} (${parameterName} in ${region}) is not understood: ${error.message}`, {
    next: isNewer
      ? `upgrade to a release that reads version ${error.foundVersion}: npm install tunnelable-rds-cluster@latest`
      : DEPLOY_AGAIN,
    cause: error,
  });
}

export interface FoundDescriptors {
  readonly descriptors: Descriptor[];
  /** Parameters under the prefix that hold no descriptor, and why. */
  readonly unreadable: { readonly name: string; readonly why: string }[];
}

/** Reads all descriptors under a prefix. */
export async function listDescriptors({ prefix }: { prefix: string }, context: AwsContext): Promise<FoundDescriptors> {
  const client = await clientOf(SSMClient, context);
  const found: FoundDescriptors = { descriptors: [], unreadable: [] };
  let token: string | undefined;
  do {
    const page = await callAws({ call: 'ssm:GetParametersByPath' }, context,
      (options) => client.send(new GetParametersByPathCommand({ Path: prefix, NextToken: token }), options));
    for (const parameter of page.Parameters ?? []) sort(parameter, found);
    token = page.NextToken;
  } while (token);
  return found;
}

function sort({ Name: name = '', Value: value = '' }: Parameter, { descriptors, unreadable }: FoundDescriptors): void {
  try {
    descriptors.push(parseDescriptor(value));
  } catch (error) {
    unreadable.push({ name, why: (error as DescriptorError).message });
  }
}
