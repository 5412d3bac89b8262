import { Problem } from '../problem';
import type { AwsContext } from './context';
import { faultOf } from './explanations/profile-faults';

/** Any of the SDK's clients: each knows how to read the profile's region. */
type RegionReader = new (settings: { readonly profile?: string }) => { readonly config: { region(): Promise<string> } };

const REGION_VARIABLES = ['AWS_REGION', 'AWS_DEFAULT_REGION'] as const;

/** A region, and who says so: a flag, a variable of the environment by its name, or the profile. */
export interface FoundRegion {
  readonly region: string;
  readonly source: 'flag' | typeof REGION_VARIABLES[number] | 'profile';
}

/**
 * The region that calls go to: the context's, else the environment's, else the profile's in the config file. Makes no call.
 * @throws Problem USAGE when none of them names one, CREDENTIALS when the profile is none that there is
 */
export async function regionOf(Client: RegionReader, context: AwsContext): Promise<string> {
  return (await findRegion(Client, context)).region;
}

/** The same, with who says so. @throws Problem */
export async function findRegion(Client: RegionReader, context: AwsContext): Promise<FoundRegion> {
  const told = toldRegion(context);
  if (told) return told;
  const { profile } = context.aws;
  try {
    return { region: await new Client({ profile }).config.region(), source: 'profile' };
  } catch (cause) {
    const fault = faultOf(profileName(profile));
    if (fault) throw new Problem('CREDENTIALS', fault.what, { next: fault.next, cause });
    throw new Problem('USAGE', `no AWS region is set: not by a flag, not by the environment, not in the profile "${profileName(profile)}"`, {
      next: 'add --region us-east-1, or type: export AWS_REGION=us-east-1', cause,
    });
  }
}

/** The region of the context, else of the environment; undefined where only the profile may name one. */
export function toldRegion({ aws: { region } }: AwsContext): FoundRegion | undefined {
  if (region) return { region, source: 'flag' };
  const source = REGION_VARIABLES.find((name) => process.env[name]);
  return source && { region: process.env[source]!, source };
}

/** The profile that the SDK goes by. */
export function profileName(profile: string | undefined): string {
  return profile ?? (process.env.AWS_PROFILE || 'default');
}
