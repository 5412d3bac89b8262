import type { AwsContext } from '../aws/context';
import { closeTunnels } from './closing/close-tunnels';
import { filterOf, requestOf } from './declared-tunnel';
import { openTunnel } from './opening/open-tunnel';
import type { DeclaredAwsVpcTunnel } from './tunnel';

/**
 * Makes a tunnel be as declared: OPEN, which starts the bastion if it must, waits until the database answers and leaves a detached
 * worker behind; or CLOSED. A tunnel that already is as declared is left alone.
 * @throws Problem, whose `code` says what went wrong and whose `next` says what to do
 */
export async function setVpcTunnel(tunnel: DeclaredAwsVpcTunnel, context: AwsContext): Promise<DeclaredAwsVpcTunnel> {
  const { via, into, from } = tunnel;
  if (tunnel.status === 'CLOSED') {
    await closeTunnels(filterOf(tunnel, context.aws.region), context);
    return { via, into, from, status: 'CLOSED' };
  }
  const { pid } = await openTunnel(requestOf(tunnel), context);
  return { via, into, from, status: 'OPEN', pid };
}
