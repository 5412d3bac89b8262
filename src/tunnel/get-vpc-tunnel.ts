import type { AwsContext } from '../aws/context';
import { filterOf, type VpcTunnelReference } from './declared-tunnel';
import { findTunnels } from './looking/find-tunnels';
import type { DeclaredAwsVpcTunnel } from './tunnel';

/**
 * Whether a tunnel is open, and the pid of its worker when it is. Makes no call to AWS and no connection to the database.
 * @throws Problem USAGE for a tunnel that cannot be
 */
export async function getVpcTunnel(tunnel: VpcTunnelReference, context: AwsContext): Promise<DeclaredAwsVpcTunnel> {
  const { via, into, from } = tunnel;
  const [open] = await findTunnels(filterOf(tunnel, context.aws.region));
  return open ? { via, into, from, status: 'OPEN', pid: open.pid } : { via, into, from, status: 'CLOSED' };
}
