import { SSMClient } from '@aws-sdk/client-ssm';
import type { AwsContext } from '../context';
import { findRegion, type FoundRegion, regionOf } from '../region';

/**
 * The region that calls go to: the context's, else AWS_REGION, else AWS_DEFAULT_REGION, else the profile's. Makes no call.
 * @throws Problem USAGE when none of them names one
 */
export async function resolveRegion(context: AwsContext): Promise<string> {
  return regionOf(SSMClient, context);
}

/** The same, with who says so. @throws Problem USAGE */
export async function explainRegion(context: AwsContext): Promise<FoundRegion> {
  return findRegion(SSMClient, context);
}
