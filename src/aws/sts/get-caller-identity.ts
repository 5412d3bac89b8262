import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { callAws } from '../call';
import { clientOf } from '../clients';
import type { AwsContext } from '../context';

/** Who AWS takes us for. */
export interface CallerIdentity {
  readonly arn: string;
  readonly account: string;
}

/** Asks AWS who we are. Nobody needs a permission for it. @throws Problem */
export async function getCallerIdentity(context: AwsContext): Promise<CallerIdentity> {
  const client = await clientOf(STSClient, context);
  const { Arn: arn = '', Account: account = '' } = await callAws({ call: 'sts:GetCallerIdentity' }, context,
    (options) => client.send(new GetCallerIdentityCommand({}), options));
  return { arn, account };
}
