/** The library: `import { setVpcTunnel, getVpcTunnel } from 'tunnelable-rds-cluster/tunnel'`. */
export type { AwsContext, Log } from '../aws/context';
export type { DeclaredAwsEc2Instance, DeclaredAwsRdsCluster } from '../aws/slow-path';
export type { Role } from '../descriptor';
export { EXIT_CODES, Problem, type ProblemCode } from '../problem';
export { closeTunnels } from './closing/close-tunnels';
export type { VpcTunnelReference } from './declared-tunnel';
export { getVpcTunnel } from './get-vpc-tunnel';
export { listTargets, type TargetList, type TargetView } from './list-targets';
export { findTunnels } from './looking/find-tunnels';
export { readTunnelLog, type TunnelLog } from './looking/read-tunnel-log';
export { type OpenedTunnel, openTunnel } from './opening/open-tunnel';
export { isPortInUse } from './ports';
export { isTunnelHealthy } from './probes';
export { isProcessAlive } from './process-identity';
export { setVpcTunnel } from './set-vpc-tunnel';
export { stopBastion, type StopBastionInput } from './stop-bastion';
export type { DeclaredAwsVpcTunnel, TunnelFilter, TunnelRequest, TunnelView } from './tunnel';
export { getTunnelHash } from './tunnel-hash';
