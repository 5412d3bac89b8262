import { SSMClient } from '@aws-sdk/client-ssm';
import { clientOf } from '../clients';
import type { AwsContext } from '../context';

/** Whether the environment, or the config file, sends calls to SSM elsewhere than to AWS. Makes no call. */
export async function usesCustomEndpoint(context: AwsContext): Promise<boolean> {
  const { config } = await clientOf(SSMClient, context);
  return (await config.serviceConfiguredEndpoint?.()) !== undefined;
}
