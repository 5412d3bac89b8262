import type { FoundRegion } from '../../../aws/hot-path';
import type { Finding } from '../diagnosis';
import type { Patient } from '../patient';

const SOURCES: Readonly<Record<FoundRegion['source'], (profile: string) => string>> = {
  flag: () => 'by --region or CONNECT_REGION',
  AWS_REGION: () => 'from AWS_REGION',
  AWS_DEFAULT_REGION: () => 'from AWS_DEFAULT_REGION',
  profile: (profile) => `from the profile "${profile}"`,
};

/** Where calls go, and who says so. */
export async function lookAtRegion({ context }: Patient): Promise<Finding> {
  const { explainRegion, profileName, usesCustomEndpoint } = await import('../../../aws/hot-path');
  const { region, source } = await explainRegion(context);
  const customEndpoint = await usesCustomEndpoint(context);
  return {
    message: [region, SOURCES[source](profileName(context.aws.profile)), customEndpoint && 'with an endpoint of your own'].filter(Boolean).join(', '),
    details: { region, source, customEndpoint },
  };
}
