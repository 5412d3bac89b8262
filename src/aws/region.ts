import { Problem } from '../problem';
import type { AwsContext } from './context';

/** Any of the SDK's clients: each knows how to read the profile's region. */
type RegionReader = new (settings: { readonly profile?: string }) => { readonly config: { region(): Promise<string> } };

/**
 * The region that calls go to: the context's, else the environment's, else the profile's in the config file. Makes no call.
 * @throws Problem USAGE when none of them names one
 */
export async function regionOf(Client: RegionReader, { aws: { region, profile } }: AwsContext): Promise<string> {
  const told = region || process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  if (told) return told;
  try {
    return await new Client({ profile }).config.region();
  } catch (cause) {
    throw new Problem('USAGE', `no AWS region is set: not by a flag, not by the environment, not in the profile "${profileName(profile)}"`, {
      next: 'add --region us-east-1, or type: export AWS_REGION=us-east-1', cause,
    });
  }
}

/** The profile that the SDK goes by. */
export function profileName(profile: string | undefined): string {
  return profile ?? (process.env.AWS_PROFILE || 'default');
}

/** Whether the environment sends calls to SSM elsewhere than to AWS. */
export function usesCustomEndpoint(): boolean {
  if (process.env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return false;
  return Boolean(process.env.AWS_ENDPOINT_URL_SSM || process.env.AWS_ENDPOINT_URL);
}
